/** @file The pages about who may do what. */
import { ChoiceLinks } from '~/components/leaderboards/board/choice-links.tsx';

const PAGES = [
  { label: 'API keys', href: '/access' },
  { label: 'People', href: '/access/people' },
  { label: 'Audit log', href: '/access/audit' },
] as const;

export function AccessTabs({ current }: { current: (typeof PAGES)[number]['href'] }) {
  return (
    <ChoiceLinks
      label="Access"
      choices={PAGES.map((page) => ({ ...page, chosen: page.href === current }))}
    />
  );
}
