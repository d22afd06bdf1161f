/** @file Shown while a page's data is on its way. */
import { PageSkeleton } from '~/components/ui/skeleton.tsx';

export default function Loading() {
  return <PageSkeleton />;
}
