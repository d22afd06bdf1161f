/** @file The mask that is being drawn: pixels that are marked or not, what each step changed, and the way back. */
import { eachPolygonSpan, type Outline } from '@plumbline/contracts';

export type Point = readonly [x: number, y: number];

/** Pixels, from the first to the one after the last. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Step {
  readonly value: 0 | 1;
  /** Pairs: index of the first pixel that changed and of the one after the last. */
  readonly runs: number[];
}

/** Steps that can be undone. */
const MOST_STEPS = 200;

export class MaskDrawing {
  readonly width: number;
  readonly height: number;
  /** 0 or 1, height × width. */
  readonly data: Uint8Array;
  #marked: number;
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];
  #step: Step | null = null;
  #dirty: Box | null;

  /** @param data Pixels of the mask that there is, which becomes the drawing's; none marked when absent */
  constructor(width: number, height: number, data = new Uint8Array(width * height)) {
    this.width = width;
    this.height = height;
    this.data = data;
    this.#marked = data.reduce((sum, one) => sum + one, 0);
    this.#dirty = { left: 0, top: 0, right: width, bottom: height };
  }

  get marked(): number {
    return this.#marked;
  }

  /** Of all pixels, 0 to 1. */
  get share(): number {
    return this.#marked / this.data.length;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Pixels whose center lies inside (even-odd rule), as in masks of annotations. */
  polygon(corners: Outline, value: 0 | 1): void {
    this.#run(value, () =>
      eachPolygonSpan(corners, this, (row, from, to) => this.#mark(row, from, to)),
    );
  }

  clear(): void {
    this.#run(0, () => {
      for (let row = 0; row < this.height; row++) this.#mark(row, 0, this.width);
    });
  }

  /** Until `end`, strokes are one step. */
  begin(value: 0 | 1): void {
    this.end();
    this.#step = { value, runs: [] };
  }

  /** Pixels whose center is within the radius of the line, and the one under its end. */
  stroke(from: Point, to: Point, radius: number): void {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const dabs = Math.max(1, Math.ceil(length / Math.max(0.5, radius / 4)));
    for (let i = 0; i <= dabs; i++) {
      const t = i / dabs;
      this.#dab(from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]), radius);
    }
  }

  end(): void {
    const step = this.#step;
    this.#step = null;
    if (step === null || step.runs.length === 0) return;
    this.#done.push(step);
    if (this.#done.length > MOST_STEPS) this.#done.shift();
    this.#undone.length = 0;
  }

  undo(): void {
    this.end();
    const step = this.#done.pop();
    if (step === undefined) return;
    this.#apply(step, step.value === 1 ? 0 : 1);
    this.#undone.push(step);
  }

  redo(): void {
    const step = this.#undone.pop();
    if (step === undefined) return;
    this.#apply(step, step.value);
    this.#done.push(step);
  }

  /** What has changed since it was last asked; null for nothing. */
  takeDirty(): Box | null {
    const dirty = this.#dirty;
    this.#dirty = null;
    return dirty;
  }

  #run(value: 0 | 1, work: () => void): void {
    this.begin(value);
    work();
    this.end();
  }

  #dab(x: number, y: number, radius: number): void {
    const [column, line] = [Math.floor(x), Math.floor(y)];
    if (line >= 0 && line < this.height) this.#mark(line, column, column + 1);
    const first = Math.max(0, Math.ceil(y - radius - 0.5));
    const last = Math.min(this.height - 1, Math.floor(y + radius - 0.5));
    for (let row = first; row <= last; row++) {
      const reach = Math.sqrt(Math.max(0, radius ** 2 - (row + 0.5 - y) ** 2));
      this.#mark(row, Math.ceil(x - reach - 0.5), Math.floor(x + reach - 0.5) + 1);
    }
  }

  /** Of the step that is under way; what has its value already is no change. */
  #mark(row: number, from: number, to: number): void {
    const step = this.#step;
    if (step === null) return;
    const { data, width } = this;
    const end = row * width + Math.min(width, to);
    let at = row * width + Math.max(0, from);
    while (at < end) {
      while (at < end && data[at] === step.value) at++;
      const start = at;
      while (at < end && data[at] !== step.value) at++;
      if (at === start) continue;
      step.runs.push(start, at);
      this.#fill(start, at, step.value);
    }
  }

  #apply({ runs }: Step, value: 0 | 1): void {
    for (let i = 0; i < runs.length; i += 2) this.#fill(runs[i] ?? 0, runs[i + 1] ?? 0, value);
  }

  /** A run within one row, all of the other value. */
  #fill(start: number, end: number, value: 0 | 1): void {
    this.data.fill(value, start, end);
    this.#marked += value === 1 ? end - start : start - end;
    const row = Math.floor(start / this.width);
    const [left, right] = [start - row * this.width, end - row * this.width];
    const before = this.#dirty ?? { left, top: row, right, bottom: row + 1 };
    this.#dirty = {
      left: Math.min(before.left, left),
      top: Math.min(before.top, row),
      right: Math.max(before.right, right),
      bottom: Math.max(before.bottom, row + 1),
    };
  }
}
