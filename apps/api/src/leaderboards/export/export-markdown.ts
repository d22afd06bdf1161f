/** @file A leaderboard as GitHub-flavored Markdown. */
import type { Leaderboard } from '@plumbline/contracts';
import { type ExportTable, exportDocument } from './export-tables.ts';

export function exportMarkdown(board: Leaderboard): string {
  const { title, facts, tables, footnotes } = exportDocument(board);
  const parts = [
    `# ${escapeText(title)}`,
    facts.map(([name, value]) => `- ${name}: ${escapeText(value)}`).join('\n'),
    ...tables.map(toMarkdown),
    ['## Notes', '', ...footnotes.map((note) => `- ${escapeText(note)}`)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function toMarkdown({ title, head, rows, numeric }: ExportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeText).join(' | ')} |`;
  const rule = head.map((_, column) => (numeric.has(column) ? '--:' : '---'));
  return [`## ${title}`, '', line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Names are text, not markup: a `|` would end a cell, a `_` begin emphasis. */
function escapeText(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
