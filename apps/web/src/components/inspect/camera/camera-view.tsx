/** @file Takes images from a camera. */
'use client';

import { Camera as CameraIcon } from 'lucide-react';
import { Button } from '~/components/ui/button.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { useCamera } from './use-camera.ts';

export function CameraView({ onImage }: { onImage: (file: File) => void }) {
  const camera = useCamera();
  const take = async () => {
    const frame = await camera.takeFrame();
    if (frame !== null) onImage(frame);
  };
  return (
    <div className="space-y-3">
      {camera.state === 'on' ? (
        <>
          <video
            ref={camera.video}
            autoPlay
            muted
            playsInline
            aria-label="Picture of the camera"
            className="max-h-96 w-full rounded-lg bg-sunken object-contain"
          />
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => void take()}>Inspect this picture</Button>
            <Button variant="secondary" onClick={camera.close}>
              Close the camera
            </Button>
          </div>
        </>
      ) : (
        <Button variant="secondary" disabled={camera.state === 'opening'} onClick={camera.open}>
          <CameraIcon aria-hidden="true" className="size-4" />
          {camera.state === 'opening' ? 'Opening the camera' : 'Use the camera'}
        </Button>
      )}
      <div aria-live="polite">
        {camera.problem === null ? null : (
          <Notice>
            <p className="font-medium">{camera.problem.message}</p>
            <p>{camera.problem.fix}</p>
          </Notice>
        )}
      </div>
    </div>
  );
}
