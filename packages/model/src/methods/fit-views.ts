/**
 * @file A fit to views of images: their tiles, each as it is turned. To most methods a view is an image like any other;
 * where places matter to a method, each tile gets a fit of its own. T tiles, P patches of a tile.
 */
import { joinTileGraphs } from './join-tile-graphs.ts';
import type {
  FeatureSource,
  Features,
  FitOptions,
  FittedMethod,
  Folds,
  TokensMethod,
} from './method.ts';

export interface Views {
  /** T. */
  readonly tiles: number;
  readonly rotations: 1 | 4;
}

/** In what a method is given, the views of an image follow each other: tile by tile, each as it is and then turned. */
export function viewsOf({ tiles, rotations }: Views): number {
  return tiles * rotations;
}

/**
 * @param options Features of all views; `folds` of the images.
 * @returns Scores of folds are those of the images as they are, f32 `[images·T, P]`.
 */
export function fitViews(
  method: TokensMethod,
  options: FitOptions,
  views: Views,
): Promise<FittedMethod> {
  if (viewsOf(views) === 1) return method.fit(options);
  return method.definition.tilesAre === 'images'
    ? fitAsImages(method, options, views)
    : fitAsPlaces(method, options, views);
}

async function fitAsImages(
  method: TokensMethod,
  options: FitOptions,
  views: Views,
): Promise<FittedMethod> {
  const { folds, ...rest } = options;
  const count = viewsOf(views);
  const fitted = await method.fit({
    ...rest,
    views: count,
    ...(folds === undefined ? {} : { folds: foldsOfViews(folds, views) }),
  });
  // Images that are added later would have to come as views.
  const { foldScores, suspectScores, state: _, ...published } = fitted;
  const ofTiles = (levels: readonly Float32Array[]) =>
    levels.map((scores) => unturned(scores, options.features.count, views.rotations));
  return {
    ...published,
    ...(foldScores === undefined ? {} : { foldScores: ofTiles(foldScores) }),
    ...(suspectScores === undefined ? {} : { suspectScores: ofTiles(suspectScores) }),
  };
}

/** Views of an image are of one fold; turned ones get no score, as none that is scored later is turned. */
function foldsOfViews({ count, of }: Folds, views: Views): Folds {
  const each = viewsOf(views);
  const length = of.length * each;
  return {
    count,
    of: Int32Array.from({ length }, (_, view) => of[Math.floor(view / each)] as number),
    isScored: Uint8Array.from({ length }, (_, view) => (view % views.rotations === 0 ? 1 : 0)),
  };
}

/** @param scores f32 `[views, P]`. @returns f32 `[views / rotations, P]`. */
function unturned(scores: Float32Array, views: number, rotations: number): Float32Array {
  const patches = scores.length / views;
  const out = new Float32Array(scores.length / rotations);
  for (let tile = 0; tile < views / rotations; tile++) {
    const start = tile * rotations * patches;
    out.set(scores.subarray(start, start + patches), tile * patches);
  }
  return out;
}

async function fitAsPlaces(
  method: TokensMethod,
  options: FitOptions,
  { tiles, rotations }: Views,
): Promise<FittedMethod> {
  if (rotations !== 1) throw new Error('A method of fixed places was given turned images');
  const fits: FittedMethod[] = [];
  for (let tile = 0; tile < tiles; tile++) {
    const { heldOut } = options;
    fits.push(
      await method.fit({
        ...options,
        features: everyView(options.features, tile, tiles),
        ...(heldOut === undefined ? {} : { heldOut: everyView(heldOut, tile, tiles) }),
        onProgress: (progress) =>
          options.onProgress({
            ...progress,
            step: tile * progress.steps + progress.step,
            steps: tiles * progress.steps,
            fraction: (tile + progress.fraction) / tiles,
          }),
      }),
    );
  }
  return joined(fits, options);
}

/** Of each image one view. */
function everyView(source: FeatureSource, first: number, views: number): FeatureSource;
function everyView(source: Features, first: number, views: number): Features;
function everyView(source: Features, first: number, views: number): Features {
  const categories = source.categories.filter((_, view) => view % views === first);
  const facts = { count: source.count / views, categories };
  const own = (images: Int32Array) => images.map((image) => image * views + first);
  return 'read' in source
    ? { ...facts, read: (level, images, out) => source.read(level, own(images), out) }
    : { ...facts, batches: (images, size) => source.batches(own(images), size) };
}

/** The fits of all tiles as one, in whose graph each sees its own tile. */
function joined(fits: readonly FittedMethod[], { levels }: FitOptions): FittedMethod {
  const [first] = fits as [FittedMethod, ...FittedMethod[]];
  const scores = fits.map(({ foldScores }) => foldScores ?? []);
  return {
    inputs: first.inputs,
    tilesTogether: true,
    graph: joinTileGraphs(
      fits.map(({ graph }) => graph),
      { levels, grids: first.map.grids },
    ),
    map: first.map,
    coverage: first.coverage,
    config: { ...first.config, tiles: `${fits.length} fits, one for each` },
    notes: [`One fit for each of ${fits.length} tiles.`, ...(first.notes ?? [])],
    ...(first.foldScores === undefined
      ? {}
      : {
          foldScores: first.map.grids.map((_, level) =>
            interleaved(
              scores.map((own) => own[level] as Float32Array),
              (first.map.grids[level] as number) ** 2,
            ),
          ),
        }),
  };
}

/** @param tiles For each tile f32 `[images, P]`. @returns f32 `[images·T, P]`. */
function interleaved(tiles: readonly Float32Array[], patches: number): Float32Array {
  const images = (tiles[0] as Float32Array).length / patches;
  const out = new Float32Array(tiles.length * images * patches);
  for (const [tile, scores] of tiles.entries())
    for (let image = 0; image < images; image++)
      out.set(
        scores.subarray(image * patches, (image + 1) * patches),
        (image * tiles.length + tile) * patches,
      );
  return out;
}
