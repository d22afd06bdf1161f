/** @file What a person sees in a heatmap, in numbers: which pixels are colored, and whether they lie on the defect. */
import sharp from 'sharp';

/** Largest minus smallest channel from which a pixel counts as colored; the image itself is shown in gray. */
const COLORED_FROM = 60;

export interface SeenHeatmap {
  /** Share of the whole picture, 0 to 1. */
  readonly coloredShare: number;
  /** Share of the pixels that the mask marks, 0 to 1. */
  readonly coloredOnDefect: number;
  /** Share of the pixels that it doesn't, 0 to 1. */
  readonly coloredElsewhere: number;
}

/**
 * @param heatmap encoded picture
 * @param mask encoded ground-truth mask; it is brought to the size of the heatmap
 */
export async function lookAtHeatmap(heatmap: Uint8Array, mask: Uint8Array): Promise<SeenHeatmap> {
  const { data, info } = await sharp(heatmap)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const marks = await sharp(mask)
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer();
  const counts = { defect: 0, defectColored: 0, elsewhere: 0, elsewhereColored: 0 };
  for (let pixel = 0; pixel < width * height; pixel++) {
    const rgb = data.subarray(pixel * channels, pixel * channels + 3);
    const colored = Number(Math.max(...rgb) - Math.min(...rgb) >= COLORED_FROM);
    if ((marks[pixel] ?? 0) > 0) {
      counts.defect++;
      counts.defectColored += colored;
    } else {
      counts.elsewhere++;
      counts.elsewhereColored += colored;
    }
  }
  return {
    coloredShare: (counts.defectColored + counts.elsewhereColored) / (width * height),
    coloredOnDefect: counts.defectColored / Math.max(1, counts.defect),
    coloredElsewhere: counts.elsewhereColored / Math.max(1, counts.elsewhere),
  };
}
