/** @file The checks of an evaluation: what bars, what marks, what passes, and the files they name. */
import { type EvaluationCheck, evaluationCheckSchema } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import {
  type CheckedSample,
  checkImageCounts,
  checkNearSameImages,
  checkSameImages,
  checkTestInTraining,
  findNearDuplicates,
  gatherNearDuplicates,
} from '../index.ts';
import { gaussian, lehmer } from '../testing/made-images.ts';

const SIDE = 32;

function sample(path: string, sha256: string, changes: Partial<CheckedSample> = {}): CheckedSample {
  return {
    path,
    category: 'bolt',
    split: path.includes('/train/') ? 'train' : 'test',
    label: path.includes('/good/') ? 'normal' : 'anomalous',
    image: { sha256 },
    ...changes,
  };
}

function expectCheck(check: EvaluationCheck, status: EvaluationCheck['status'], files: string[]) {
  expect(evaluationCheckSchema.parse(check)).toEqual(check);
  expect(check.status).toBe(status);
  expect(check.files).toEqual(files);
  for (const file of files.slice(0, 2)) expect(check.message).toContain(file);
}

describe('same image', () => {
  const clean = [
    sample('bolt/train/good/1.png', 'a'),
    sample('bolt/train/good/2.png', 'a'), // twice in one split is no leak
    sample('bolt/test/good/1.png', 'b'),
    sample('bolt/test/dent/1.png', 'b'),
  ];

  test('different bytes pass', () => {
    expectCheck(checkSameImages(clean), 'passed', []);
    const fittedOn = [{ path: 'bolt/train/good/1.png', sha256: 'a' }];
    expectCheck(checkTestInTraining(clean, fittedOn), 'passed', []);
  });

  test('a copied test image in train bars and names both files, in any order', () => {
    const copied = [...clean, sample('bolt/train/good/9.png', 'b', { category: 'cap' })];
    const files = ['bolt/test/dent/1.png', 'bolt/train/good/9.png', 'bolt/test/good/1.png'];
    expectCheck(checkSameImages(copied), 'barred', files);
    expect(checkSameImages([...copied].reverse())).toEqual(checkSameImages(copied));
    expect(checkSameImages(copied).message).toContain('1 more');
  });

  test('a test image that the model was fitted on bars, wherever it came from', () => {
    const check = checkTestInTraining(clean, [{ path: 'elsewhere/x.png', sha256: 'b' }]);
    expectCheck(check, 'barred', [
      'bolt/test/dent/1.png',
      'elsewhere/x.png',
      'bolt/test/good/1.png',
    ]);
  });
});

describe('nearly the same image', () => {
  const random = lehmer(5);
  const texture = (contrast: number) =>
    Float32Array.from({ length: SIDE * SIDE }, () => 128 + contrast * gaussian(random));
  const noisy = (picture: Float32Array, noise: number, gain = 1, offset = 0) =>
    picture.map((value) => gain * value + offset + noise * gaussian(random));

  function check(
    training: readonly Float32Array[],
    tested: readonly Float32Array[],
    label: 'good' | 'dent' = 'good',
  ) {
    const pictures = new Map<string, Float32Array>();
    const samples = [
      ...training.map((picture, index) => [`bolt/train/good/${index}.png`, picture] as const),
      ...tested.map((picture, index) => [`bolt/test/${label}/${index}.png`, picture] as const),
    ].map(([path, picture]) => {
      pictures.set(path, picture);
      return sample(path, path);
    });
    return checkNearSameImages(
      gatherNearDuplicates(findNearDuplicates(samples, pictures)),
      samples,
    );
  }

  const papers = Array.from({ length: 12 }, () => texture(8));
  const product = texture(40);
  const photos = Array.from({ length: 12 }, () => noisy(product, 4));

  test('patches of one texture, and photos of one product under a fixed camera, pass', () => {
    expectCheck(check(papers, [texture(8), texture(8)]), 'passed', []);
    expectCheck(check(photos, [noisy(product, 4), noisy(product, 4)]), 'passed', []);
    const blank = new Float32Array(SIDE * SIDE).fill(200);
    expectCheck(check([blank, blank, blank, blank], [blank]), 'passed', []);
  });

  test.each([
    ['a texture', papers],
    ['a product', photos],
  ])('%s: a re-encoded and brightened copy bars, a worse one marks', (_, training) => {
    const original = training[3] ?? new Float32Array();
    const files = ['bolt/test/good/1.png', 'bolt/train/good/3.png'];
    const other = training === papers ? texture(8) : noisy(product, 4);
    expectCheck(check(training, [other, noisy(original, 0.4, 1.06, 4)]), 'barred', files);
    expectCheck(check(training, [other, noisy(original, 2, 1.02)]), 'marked', files);
  });

  test('too few training images to know what is usual: not checked, which is not passed', () => {
    const few = papers.slice(0, 3);
    const unknown = check(few, [noisy(few[0] ?? new Float32Array(), 0.1)]);
    expectCheck(unknown, 'not checked', []);
    expect(unknown.message).toContain('bolt');
    // Four images with the same bytes are one.
    const alone = [sample('bolt/test/good/1.png', 'a')];
    const same = [1, 2, 3, 4].map((index) => sample(`bolt/train/good/${index}.png`, 'b'));
    const nothing = gatherNearDuplicates([]);
    expectCheck(checkNearSameImages(nothing, [...alone, ...same]), 'not checked', []);
    expectCheck(checkNearSameImages(nothing, same), 'passed', []);
  });

  test('an anomalous test image near a normal training image is no leak', () => {
    const original = photos[3] ?? new Float32Array();
    expectCheck(check(photos, [noisy(original, 0.4)], 'good'), 'barred', [
      'bolt/test/good/0.png',
      'bolt/train/good/3.png',
    ]);
    expectCheck(check(photos, [noisy(original, 0.4)], 'dent'), 'passed', []);
  });

  test('a blank training image hides no pair', () => {
    const blank = new Float32Array(SIDE * SIDE).fill(90);
    const original = papers[3] ?? new Float32Array();
    const files = ['bolt/test/good/0.png', 'bolt/train/good/3.png'];
    expectCheck(check([...papers, blank], [noisy(original, 0.3)]), 'barred', files);
  });

  // Pictures that differ in two ways only, as procedural ones do: some are near each other by chance.
  const smooth = (noise: number) => {
    const [fx, fy] = [1 + random(), random()];
    return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [x, y] = [(i % SIDE) / SIDE, Math.floor(i / SIDE) / SIDE];
      return 120 + 40 * Math.sin(2 * fx * x + fy) * Math.cos(2 * y + fy) + noise * gaussian(random);
    });
  };

  test.each([0, 0.3])(
    'of 40 sets of smooth pictures, hardly one has a pair by chance, with noise of %f',
    (noise) => {
      let suspected = 0;
      for (let trial = 0; trial < 40; trial += 1) {
        const made = Array.from({ length: 32 }, () => smooth(noise));
        suspected += check(made.slice(0, 24), made.slice(24)).status === 'passed' ? 0 : 1;
      }
      expect(suspected).toBeLessThanOrEqual(3);
    },
  );

  test('a re-encoded copy of a smooth picture is found', () => {
    const training = Array.from({ length: 24 }, () => smooth(0.3));
    const copy = noisy(training[5] ?? new Float32Array(), 0.1, 0.9, 8);
    const check5 = check(training, [smooth(0.3), copy]);
    expect(check5.status).not.toBe('passed');
    expect(check5.files).toEqual(['bolt/test/good/1.png', 'bolt/train/good/5.png']);
  });

  test('among many images the one pair is found', () => {
    const many = Array.from({ length: 600 }, () => texture(8));
    const copy = noisy(many[599] ?? new Float32Array(), 0.3);
    const tests = [...Array.from({ length: 60 }, () => texture(8)), copy];
    const files = ['bolt/test/good/60.png', 'bolt/train/good/599.png'];
    expectCheck(check(many, tests), 'barred', files);
  });
});

test('few images of a kind mark the row and say where', () => {
  const many = (category: string, count: number) =>
    ['train/good', 'test/good', 'test/dent'].flatMap((folder) =>
      Array.from({ length: count }, (_, index) =>
        sample(`${category}/${folder}/${index}.png`, `${folder}${index}`, { category }),
      ),
    );
  expectCheck(checkImageCounts(many('bolt', 10)), 'passed', []);
  const check = checkImageCounts([...many('bolt', 10), ...many('cap', 9).slice(0, 18)]);
  expect(check.status).toBe('marked');
  expect(check.message).toContain(
    'cap has 9 normal training and 9 normal test and 0 anomalous test',
  );
  expect(check.message).not.toContain('bolt');
});
