import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { CommandRegistry } from './commands.ts';
import type { QuotaSource } from './quotaStatus.ts';

interface ConnectionSource extends QuotaSource {
  find(name: unknown): string | undefined;
}

/** The status bar item of Azure's limits, loaded with the first answer of a service, and the command behind it. */
export function registerQuota(source: ConnectionSource, commands: CommandRegistry): vscode.Disposable {
  commands.register('azureBilling.showQuota', async (argument) => {
    const quotas = source.quotas();
    if (argument === undefined) {
      void (await import('./quotaList.ts')).showLimits(quotas);
      return quotas;
    }
    const { connection } = argument;
    if (connection === undefined) {
      return quotas;
    }
    const name = source.find(connection);
    if (name === undefined) {
      throw new BillingError('argument', `connection: there is no connection '${String(connection)}'.`, {
        advice: 'Use the name of a connection of the tree, or leave it out for all.',
      });
    }
    return quotas.filter((quota) => quota.connection === name);
  });

  const disposables: vscode.Disposable[] = [];
  let disposed = false;
  const first = source.onDidChangeQuota(async () => {
    first.dispose();
    const { QuotaStatus } = await import('./quotaStatus.ts');
    if (!disposed) {
      disposables.push(new QuotaStatus(source));
    }
  });
  disposables.push(first);
  return new vscode.Disposable(() => {
    disposed = true;
    vscode.Disposable.from(...disposables).dispose();
  });
}
