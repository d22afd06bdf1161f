/** @file The model version that an address names. */
import 'server-only';
import { notFound } from 'next/navigation';

export interface VersionPageProps {
  params: Promise<{ model: string; version: string }>;
}

export async function readVersionParams(
  params: VersionPageProps['params'],
): Promise<{ name: string; version: number }> {
  const { model, version } = await params;
  if (!/^[1-9]\d{0,8}$/.test(version)) notFound();
  return { name: decodeURIComponent(model), version: Number(version) };
}
