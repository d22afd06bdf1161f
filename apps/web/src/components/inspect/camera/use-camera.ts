/** @file The browser's camera: opened when asked for, and closed with the component. */
'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { type CameraProblem, cameraProblem, NO_CAMERA_API } from './camera-problem.ts';

export interface Camera {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly state: 'off' | 'opening' | 'on';
  readonly problem: CameraProblem | null;
  open(): void;
  close(): void;
  /** What it shows now, as a PNG: nothing of it is lost. */
  takeFrame(): Promise<File | null>;
}

export function useCamera(): Camera {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useRef<MediaStream | null>(null);
  const [state, setState] = useState<Camera['state']>('off');
  const [problem, setProblem] = useState<CameraProblem | null>(null);
  const close = () => {
    stop(stream.current);
    stream.current = null;
    setState('off');
  };
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      stop(stream.current);
    };
  }, []);
  const open = async () => {
    setProblem(null);
    // Absent on pages that came over plain HTTP from another machine, whatever the type says.
    if (!('mediaDevices' in navigator)) {
      setProblem(NO_CAMERA_API);
      return;
    }
    setState('opening');
    try {
      const opened = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      stream.current = opened;
      // Allowed after the page was left.
      if (gone.current) stop(opened);
      else setState('on');
    } catch (error) {
      setState('off');
      setProblem(cameraProblem(error));
    }
  };
  useEffect(() => {
    if (state === 'on' && video.current !== null) video.current.srcObject = stream.current;
  }, [state]);
  return {
    ...{ video, state, problem, close },
    open: () => void open(),
    takeFrame: () => frameOf(video.current),
  };
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function frameOf(video: HTMLVideoElement | null): Promise<File | null> {
  if (video === null || video.videoWidth === 0) return null;
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob === null ? null : new File([blob], 'camera.png', { type: blob.type });
}
