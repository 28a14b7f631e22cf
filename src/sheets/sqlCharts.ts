import * as vscode from 'vscode';
import { type ShownSqlChart, SQL_CHART_PANEL } from '../contributions.ts';
import { ChartPanel, type ChartSurroundings } from './chartPanel.ts';
import { type ChartSubject, readChartSubject } from './chartSubject.ts';

/** The open charts of SQL: one for each statement of a sheet. */
export class SqlCharts {
  readonly #open = new Set<ChartPanel>();
  readonly #around: ChartSurroundings;

  constructor(around: ChartSurroundings) {
    this.#around = around;
  }

  /** Runs a statement and shows its chart: in the panel that it has, or in a new one once there is an answer. @throws what running throws */
  async show(subject: ChartSubject): Promise<ShownSqlChart> {
    const known = this.#of(subject);
    if (known !== undefined) {
      known.reveal();
      return known.run(subject);
    }
    const data = await this.#around.read(subject);
    // It may have been run twice.
    return (this.#of(subject) ?? this.#made(subject)).show(subject, data);
  }

  /** Fills a panel that the editor brought back after a reload. Its state comes from the disk and may be anything. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const subject = readChartSubject(state);
    if (subject === undefined) {
      panel.dispose();
      return;
    }
    // The page says what went wrong.
    this.#keep(panel, subject).run(subject).catch(this.#around.note);
  }

  #of({ key }: ChartSubject): ChartPanel | undefined {
    return [...this.#open].find(({ subject }) => subject.key === key);
  }

  #made(subject: ChartSubject): ChartPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.#keep(vscode.window.createWebviewPanel(SQL_CHART_PANEL, 'Chart of SQL', place), subject);
  }

  #keep(webviewPanel: vscode.WebviewPanel, subject: ChartSubject): ChartPanel {
    const panel: ChartPanel = new ChartPanel(webviewPanel, subject, this.#around, () => this.#open.delete(panel));
    this.#open.add(panel);
    return panel;
  }
}
