/** @file Graphics cards of this machine, seen without a driver, and Vulkan drivers that compute on the processor. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Adapter } from '@plumbline/contracts';

/** By PCI number. */
const VENDORS: Readonly<Record<string, string>> = {
  '0x1002': 'AMD',
  '0x106b': 'Apple',
  '0x10de': 'NVIDIA',
  '0x1af4': 'virtio',
  '0x5143': 'Qualcomm',
  '0x8086': 'Intel',
};

const DRIVER_FOLDERS = [
  '/usr/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
];
/** Mesa's lavapipe and Google's SwiftShader. */
const SOFTWARE_DRIVER = /^(lvp_icd|vk_swiftshader_icd)/;

/** @returns Null where only trying tells (macOS, Windows). */
export function hardwareIsVisible(): boolean | null {
  if (process.platform !== 'linux') return null;
  return listHardware().length > 0;
}

/** Cards first. Null where there is no way to list them without a driver. */
export function listAdapters(): Adapter[] | null {
  if (process.platform !== 'linux') return null;
  const software = [
    ...new Set(DRIVER_FOLDERS.flatMap(entries).filter((n) => SOFTWARE_DRIVER.test(n))),
  ];
  return [
    ...listHardware().map((name) => ({ name, software: false })),
    ...software.map((name) => ({
      name: `${basename(name, '.json')} (Vulkan on the processor)`,
      software: true,
    })),
  ];
}

/** On Linux a card that this process may use has a device file. */
function listHardware(): string[] {
  const nvidia = entries('/proc/driver/nvidia/gpus').map((slot) => {
    const information = text(join('/proc/driver/nvidia/gpus', slot, 'information'));
    return `NVIDIA ${/Model:\s*(?:NVIDIA )?(.+)/.exec(information)?.[1]?.trim() ?? slot}`;
  });
  const cards = entries('/dev/dri')
    .filter((name) => name.startsWith('render'))
    .map((name) => ({ name, vendor: text(`/sys/class/drm/${name}/device/vendor`).trim() }))
    .filter(({ vendor }) => nvidia.length === 0 || VENDORS[vendor] !== 'NVIDIA')
    .map(({ name, vendor }) => `${VENDORS[vendor] ?? 'GPU'} (/dev/dri/${name})`);
  if (existsSync('/dev/dxg')) cards.push('GPU of the Windows host (/dev/dxg)');
  if (!existsSync('/dev/nvidia0')) return cards;
  return [...(nvidia.length > 0 ? nvidia : ['NVIDIA (/dev/nvidia0)']), ...cards];
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function text(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
