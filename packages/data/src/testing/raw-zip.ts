/** @file Writes .zip archives entry by entry as told, lies included: writers of archives refuse to make most of these. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
  readonly name: string | Buffer;
  readonly data?: Uint8Array | string;
  /** 0 stored, 8 deflated. */
  readonly method?: number;
  /** Instead of what is true. */
  readonly claims?: {
    readonly bytes?: number;
    readonly crc?: number;
    /** Where the local header is. */
    readonly offset?: number;
  };
  /** General purpose bits; 0x800 (UTF-8) when absent. */
  readonly flags?: number;
  /** Unix mode. */
  readonly mode?: number;
}

export interface RawArchive {
  /** Bytes before the first entry. */
  readonly prefix?: Buffer;
  /** Entries that the end record claims. */
  readonly count?: number;
  /** Where it claims that the directory is. */
  readonly directoryAt?: number;
}

const UTF8 = 0x800;
const UNIX = 3;
const DEFLATED = 8;

export function rawZip(entries: readonly RawEntry[], archive: RawArchive = {}): Buffer {
  const parts: Buffer[] = [archive.prefix ?? Buffer.alloc(0)];
  const directory: Buffer[] = [];
  let at = parts[0]?.length ?? 0;
  for (const entry of entries) {
    const local = localHeader(entry);
    directory.push(directoryHeader(entry, at));
    // An entry that says where its header is shares that of another one.
    if (entry.claims?.offset !== undefined) continue;
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const count = Math.min(archive.count ?? entries.length, 0xffff);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(archive.directoryAt ?? at, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** Fields that local and central headers share, from the flags on. */
function common(entry: RawEntry): { fields: Buffer; name: Buffer; stored: Buffer } {
  const data = Buffer.from(entry.data ?? '');
  const method = entry.method ?? 0;
  const stored = method === DEFLATED ? deflateRawSync(data) : data;
  const name = Buffer.from(entry.name);
  const fields = Buffer.alloc(24);
  fields.writeUInt16LE(entry.flags ?? UTF8, 0);
  fields.writeUInt16LE(method, 2);
  fields.writeUInt32LE(entry.claims?.crc ?? crc32(data), 8);
  fields.writeUInt32LE(stored.length, 12);
  fields.writeUInt32LE(entry.claims?.bytes ?? data.length, 16);
  fields.writeUInt16LE(name.length, 20);
  return { fields, name, stored };
}

function localHeader(entry: RawEntry): Buffer {
  const { fields, name, stored } = common(entry);
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  return Buffer.concat([head, fields, name, stored]);
}

function directoryHeader(entry: RawEntry, at: number): Buffer {
  const { fields, name } = common(entry);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE((UNIX << 8) | 20, 4);
  head.writeUInt16LE(20, 6);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
  tail.writeUInt32LE(entry.claims?.offset ?? at, 10);
  return Buffer.concat([head, fields, tail, name]);
}
