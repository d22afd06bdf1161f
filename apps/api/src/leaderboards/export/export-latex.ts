/** @file A leaderboard as a LaTeX document that compiles as it is, with `booktabs` tables to copy from. */
import type { Leaderboard } from '@plumbline/contracts';
import { type ExportTable, exportDocument } from './export-tables.ts';

/** Everything in it is in TeX Live's basic and recommended collections. */
const PREAMBLE = String.raw`\documentclass[10pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage[landscape,margin=1.5cm]{geometry}
\usepackage{graphicx}
\usepackage{booktabs}
\setlength{\parindent}{0pt}
\setlength{\emergencystretch}{3em}`;

export function exportLatex(board: Leaderboard): string {
  const { title, facts, tables, footnotes } = exportDocument(board);
  const parts = [
    '% The tables need \\usepackage{booktabs} and \\usepackage{graphicx}.',
    PREAMBLE,
    '\\begin{document}',
    `\\section*{${escapeText(title)}}`,
    itemize(facts.map(([name, value]) => `${escapeText(name)}: ${escapeText(value)}`)),
    ...tables.map(toLatex),
    '\\subsection*{Notes}',
    itemize(footnotes.map(escapeText)),
    '\\end{document}',
  ];
  return `${parts.join('\n\n')}\n`;
}

function itemize(items: readonly string[]): string {
  return ['\\begin{itemize}', ...items.map((item) => `\\item ${item}`), '\\end{itemize}'].join(
    '\n',
  );
}

function toLatex(table: ExportTable): string {
  const { title, head, rows, numeric } = table;
  const prose = numeric.size === 0;
  const columns = head.map((_, column) => {
    if (numeric.has(column)) return 'r';
    return prose && column === head.length - 1 ? 'p{0.7\\linewidth}' : 'l';
  });
  const line = (cells: readonly string[]) => `${cells.map(escapeText).join(' & ')} \\\\`;
  const body = [
    `\\begin{tabular}{${columns.join('')}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
  return [
    '\\begin{table}[ht!]',
    '\\centering',
    `\\caption{${escapeText(title)}.}`,
    // Wide tables shrink to the page, small ones keep their size.
    prose
      ? body
      : `\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n${body}}`,
    '\\end{table}',
  ].join('\n');
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '[': '{[}',
  ']': '{]}',
  '±': '$\\pm$',
  '×': '$\\times$',
  '−': '$-$',
  '–': '--',
  '—': '---',
  '’': "'",
  '‘': '`',
  '“': '``',
  '”': "''",
  '…': '\\ldots{}',
};

/**
 * Text as LaTeX sets it. Latin letters with accents pass; other scripts, which a plain pdflatex has no font for, become
 * their code points, so that the document compiles whatever a category is called.
 */
export function escapeText(text: string): string {
  return [...text.replace(/\s+/g, ' ')]
    .map(
      (character) => SPECIAL[character] ?? (isLatin(character) ? character : codePoint(character)),
    )
    .join('');
}

function isLatin(character: string): boolean {
  return /^[ -~À-ÖØ-öø-ÿ]$/.test(character);
}

function codePoint(character: string): string {
  return `{[}U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}{]}`;
}
