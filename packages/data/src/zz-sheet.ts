import sharp from 'sharp';
import { SAMPLE_CATEGORIES } from './sample/generate-sample-dataset.ts';
import { renderSample } from './sample/render-sample.ts';
const t0=Date.now();
const S=128*2; const comps: sharp.OverlayOptions[]=[]; 
const up=async(d:Uint8Array,ch:1|3)=>sharp(d,{raw:{width:128,height:128,channels:ch}}).resize(S,S,{kernel:'cubic'}).toColourspace('srgb').png().toBuffer();
let y=0;
for(const c of SAMPLE_CATEGORIES){ let x=0;
 for(let i=0;i<2;i++){comps.push({input:await up(renderSample(c,null,[0,c.name,'train/good',i]).image,3),left:x*S,top:y*S});x++;}
 for(const d of c.defectTypes){const r=renderSample(c,d,[0,c.name,`test/${d}`,'000']);comps.push({input:await up(r.image,3),left:x*S,top:y*S});x++;comps.push({input:await up(r.mask!,1),left:x*S,top:y*S});x++;
 console.log(c.name,d,(r.mask!.filter(v=>v>0).length/163.84).toFixed(2)+'%');}
 y++;}
await sharp({create:{width:8*S,height:y*S,channels:3,background:'#000'}}).composite(comps).png().toFile('/tmp/team/sample.png');
console.log(Date.now()-t0);
