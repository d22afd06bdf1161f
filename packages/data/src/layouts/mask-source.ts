/** @file Where the mask of an image comes from: its file, several files, or outlines in an annotation. */

/** In pixels of the image, x to the right and y down; closed, the last point joins the first. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/** Runs of 0 and 1 in turn, down the columns from the left, as COCO writes them. */
export interface ColumnRuns {
  readonly counts: readonly number[];
}

export type MaskSource =
  | {
      readonly kind: 'files';
      /** In the source. What any of them marks is anomalous. */
      readonly files: readonly [string, ...string[]];
    }
  | {
      readonly kind: 'outlines';
      /** The annotation's file, for messages. */
      readonly file: string;
      /** Of the image that was annotated, pixels. */
      readonly width: number;
      readonly height: number;
      readonly polygons: readonly Polygon[];
      readonly runs: readonly ColumnRuns[];
    };

export function fileMask(file: string): MaskSource {
  return { kind: 'files', files: [file] };
}
