/** @file A picture out of the platform's own store, which scales and caches; so none of Next's image service. */
import type { ComponentProps } from 'react';

export function Picture({ alt, ...props }: ComponentProps<'img'> & { alt: string }) {
  // biome-ignore lint/performance/noImgElement: the API serves thumbnails of the right size already
  return <img alt={alt} {...props} />;
}
