/** @file A leaderboard in a format to take away. */
import type { ExportFormat, Leaderboard } from '@plumbline/contracts';
import { exportCsv } from './export-csv.ts';
import { exportLatex } from './export-latex.ts';
import { exportMarkdown } from './export-markdown.ts';

export interface ExportedBoard {
  readonly text: string;
  readonly contentType: string;
  readonly fileName: string;
}

const FORMATS: Readonly<
  Record<
    ExportFormat,
    {
      readonly contentType: string;
      readonly extension: string;
      readonly write: (board: Leaderboard) => string;
    }
  >
> = {
  json: {
    contentType: 'application/json; charset=utf-8',
    extension: 'json',
    write: (board) => `${JSON.stringify(board, null, 2)}\n`,
  },
  csv: { contentType: 'text/csv; charset=utf-8', extension: 'csv', write: exportCsv },
  markdown: { contentType: 'text/markdown; charset=utf-8', extension: 'md', write: exportMarkdown },
  latex: { contentType: 'application/x-tex; charset=utf-8', extension: 'tex', write: exportLatex },
};

export function exportBoard(board: Leaderboard, format: ExportFormat): ExportedBoard {
  const { contentType, extension, write } = FORMATS[format];
  const fileName = `${board.dataset}-${board.datasetVersion}-${board.protocolKey}.${extension}`;
  return { text: write(board), contentType, fileName };
}
