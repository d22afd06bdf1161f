/**
 * @file A method as one definition: what it is called, may be set, asks of the features and costs. The settings' schema
 * is where the form, the command line, the API's documentation and every refusal come from. What the method computes is
 * elsewhere.
 */
import { z } from 'zod';
import type { TrainingCoverage } from '../training/coverage.ts';
import type { FeatureLevel } from '../training/feature-level.ts';
import type { FitNeeds } from '../training/fit-needs.ts';
import type { RunPart } from '../training/run-part.ts';
import type { PresetName } from './preset.ts';
import { settingError } from './setting-error.ts';
import { type SettingField, settingFields } from './setting-fields.ts';
import { describeValue } from './setting-words.ts';

/** Settings in place of a preset's, as given: not yet parsed. */
export type GivenSettings = Readonly<Record<string, unknown>>;

/** What a fit is planned for. */
export interface PlannedWork {
  readonly levels: readonly FeatureLevel[];
  readonly images: number;
  /** Images of each category that has any; together they are `images`. */
  readonly categoryImages: readonly number[];
  /** Of them, those that fits without them score. */
  readonly folded: number;
  readonly maxSteps?: number | undefined;
}

export interface FitCost {
  readonly parts: readonly RunPart[];
  /** What each part that is trained will see of the images. */
  readonly coverage: readonly TrainingCoverage[];
  /** What scoring costs beside the backbone, seconds per image. */
  readonly scoreSeconds: number;
  /** What scoring an image holds at its height beside the backbone, bytes: what batches are bounded by. */
  readonly scoreBytes: number;
  /** What the cost of scoring goes by: runs of one size are timed alike. */
  readonly size: string;
}

/** How a run came by its settings, for a refusal that says what to change. */
export interface AskedSettings {
  readonly preset: PresetName;
  readonly given: GivenSettings;
}

/** What fitting needs most of its memory for. */
export interface FitMemory<Setting extends string = string> {
  /** Whose memory it is: that of what computes (a graphics card's, where there is one), or the machine's in any case. */
  readonly of: 'executor' | 'machine';
  /** Settings that it grows with, the likeliest to help first. */
  readonly growsWith: readonly [Setting, ...Setting[]];
}

/** @typeParam Settings All that a preset decides, with what replaces parts of it. */
interface MethodFacts<Name extends string, Settings extends object> {
  readonly name: Name;
  /** As people know it. */
  readonly title: string;
  /** What it is and when to choose it, in a line. */
  readonly about: string;
  /** Whether it rebuilds features, so that a decoder can show what it expects. */
  readonly reconstructs: boolean;
  /** Whether it fits so cheaply that every normal image is scored by a fit without it, and none is held out. */
  readonly crossFits: boolean;
  /** Whether images can be added to a model without fitting again. Default not. */
  readonly extends?: boolean;
  /**
   * What the tiles of an image are to it: images like any other, where a patch is the same wherever it lies or the method
   * learns many kinds of images at once anyway; or places, each with a fit of its own.
   */
  readonly tilesAre: 'images' | 'places';
  readonly presets: Readonly<Record<PresetName, Settings>>;
  needs(settings: Settings): FitNeeds;
  /** @throws DomainError naming the setting when the method can't be fitted to these levels. */
  assertLevels?(settings: Settings, levels: readonly FeatureLevel[], asked: AskedSettings): void;
  cost(settings: Settings, work: PlannedWork): FitCost;
}

export interface MethodDefinition<Name extends string = string, Settings extends object = object>
  extends MethodFacts<Name, Settings> {
  /** Each optional: what is left out stays as the preset has it. */
  readonly settings: z.ZodObject;
  /** `settings` as data. */
  readonly fields: readonly SettingField[];
  readonly memory: FitMemory;
  /** A preset with what replaces parts of it. @throws DomainError naming the first setting at fault. */
  resolve(preset: PresetName, given?: GivenSettings): Settings;
}

interface WrittenDefinition<
  Name extends string,
  Shape extends Readonly<Record<string, z.ZodType>>,
  Settings extends object,
> extends MethodFacts<Name, Settings> {
  /** Every setting, by name, as `setting` describes it. */
  readonly settings: Shape;
  readonly memory: FitMemory<keyof Shape & string>;
  /** Where presets are more than their settings: puts the ones into the other. */
  merge?(preset: Settings, given: Partial<z.infer<z.ZodObject<Shape>>>): Settings;
}

export function defineMethod<
  const Name extends string,
  Shape extends Readonly<Record<string, z.ZodType>>,
  Settings extends object,
>(written: WrittenDefinition<Name, Shape, Settings>): MethodDefinition<Name, Settings> {
  const { merge, settings: shape, ...facts } = written;
  const settings = z.strictObject(shape).partial();
  const fields = settingFields(settings);
  return {
    ...facts,
    settings,
    fields,
    resolve(preset, given = {}) {
      const parsed = settings.safeParse(given);
      if (!parsed.success) {
        const [problem] = problemsOf(written.title, fields, parsed.error);
        throw settingError(problem?.path ?? [], problem?.message ?? 'It is not acceptable.');
      }
      const replacing = withoutUndefined(parsed.data as Partial<z.infer<z.ZodObject<Shape>>>);
      const base = written.presets[preset];
      return merge === undefined ? { ...base, ...replacing } : merge(base, replacing);
    },
  };
}

/** What may be undefined is left out. */
type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

export interface SettingProblem {
  /** The setting's name first. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with settings, by name; empty when nothing is. */
export function settingProblems(
  { title, settings, fields }: Pick<MethodDefinition, 'title' | 'settings' | 'fields'>,
  given: unknown,
): SettingProblem[] {
  const parsed = settings.safeParse(given);
  return parsed.success ? [] : problemsOf(title, fields, parsed.error);
}

function problemsOf(
  title: string,
  fields: readonly SettingField[],
  { issues }: z.ZodError,
): SettingProblem[] {
  return issues.flatMap((issue): SettingProblem[] => {
    const path = issue.path.map(String);
    const field = fields.find(({ name }) => name === path[0]);
    if (field !== undefined) {
      const message = issue.code === 'custom' ? issue.message : `Give ${describeValue(field)}.`;
      return [{ path, message }];
    }
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const has = `${title} has ${fields.map(({ name }) => name).join(', ')}.`;
    return unknown.map((name) => ({
      path: [name],
      message: `${title} has no setting "${name}". ${has}`,
    }));
  });
}

/** Settings without those that are left out. */
export function withoutUndefined<T extends object>(settings: T): Defined<T> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Defined<T>;
}
