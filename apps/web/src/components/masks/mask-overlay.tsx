/** @file A ground-truth mask over its image: what it marks is tinted. */
import { blobUrl } from '~/format/api-paths.ts';

const SHOWN_SIDE = 1024;

/** The parent is as large as the image, and positioned. */
export function MaskOverlay({ sha256 }: { sha256: string }) {
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 bg-bad opacity-60"
      style={{
        maskImage: `url("${blobUrl(sha256, SHOWN_SIDE)}")`,
        maskMode: 'luminance',
        maskSize: '100% 100%',
      }}
    />
  );
}
