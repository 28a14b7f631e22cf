import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import {
  BUDGET_SCHEME,
  COSTS_SCHEME,
  DOCUMENT_SCHEME,
  EXPORT_COLUMNS,
  EXPORT_FORMATS,
  JOBS_VIEW_ID,
  JSON_SCHEME,
  LINE_ENDINGS,
  RESUME_CHOICES,
  SPEND_EDITOR,
  SPEND_PANEL,
  SPEND_VIEW_ID,
  SQL_CHART_PANEL,
  SQL_LANGUAGE,
  TITLE_COMMANDS,
  USAGE_TABLE_EDITOR,
  USAGE_TABLE_PANEL,
  VIEW_ID,
} from '../../src/contributions.ts';
import { FORMATS } from '../../src/records/formats.ts';
import { projectFolder } from '../support/project.ts';

interface MenuItem {
  command: string;
  when?: string;
}

interface Manifest {
  activationEvents: string[];
  contributes: {
    viewsContainers: Record<string, { id: string; icon: string }[]>;
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; when?: string; contents: string }[];
    commands: { command: string; title: string; category: string; enablement?: string }[];
    menus: Record<string, MenuItem[]>;
    keybindings?: MenuItem[];
    customEditors: { viewType: string; selector: { filenamePattern: string }[] }[];
    jsonValidation: { fileMatch: string; url: string }[];
    configuration: { properties: Record<string, { scope?: string; enum?: string[]; default: unknown }> };
    walkthroughs: {
      id: string;
      steps: { description: string; media: { svg: string }; completionEvents: string[]; when?: string }[];
    }[];
  };
}

const { activationEvents, contributes } = JSON.parse(
  readFileSync(path.join(projectFolder, 'package.json'), 'utf8'),
) as Manifest;
const table = ts.createSourceFile(
  'contributions.ts',
  readFileSync(path.join(projectFolder, 'src/contributions.ts'), 'utf8'),
  ts.ScriptTarget.Latest,
);

/** The members of an interface of the table. Types are gone at run time, so they are read from its text. */
function membersOf(name: string): string[] {
  const found = table.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  assert.ok(found !== undefined && ts.isInterfaceDeclaration(found), `there is no interface ${name}`);
  return found.members.map((member) =>
    member.name !== undefined && ts.isStringLiteral(member.name)
      ? member.name.text
      : assert.fail(`a member of ${name} has no quoted name`),
  );
}

const sorted = (names: Iterable<string>) => [...names].sort();

const commands = membersOf('Commands');
const contextKeys = membersOf('ContextKeys');
const walkthroughSteps = contributes.walkthroughs.flatMap(({ steps }) => steps);

/** Every `when` and `enablement` clause, with where it stands. */
const clauses: [where: string, clause: string][] = [
  ...Object.entries(contributes.menus).flatMap(([menu, items]) =>
    items.map((item): [string, string | undefined] => [`${menu} ${item.command}`, item.when]),
  ),
  ...contributes.viewsWelcome.map(({ view, when }): [string, string | undefined] => [`welcome ${view}`, when]),
  ...contributes.commands.map((item): [string, string | undefined] => [item.command, item.enablement]),
  ...(contributes.keybindings ?? []).map((item): [string, string | undefined] => [`key ${item.command}`, item.when]),
  ...walkthroughSteps.map((step): [string, string | undefined] => ['walkthrough', step.when]),
].filter((entry): entry is [string, string] => entry[1] !== undefined);

/** Keys that are compared with a pattern. */
const PATTERNED = new Set(['viewItem', 'resourcePath']);

/** The comparisons of a clause: key, operator, value. */
function comparisons(clause: string): { key: string; value: string | undefined }[] {
  return clause.split(/\s*(?:&&|\|\|)\s*/).map((term) => {
    const [, key = '', value] = /^!?([\w.]+)(?:\s*(?:==|!=|=~)\s*(\S.*))?$/.exec(term.trim()) ?? [];
    assert.notEqual(key, '', `'${term}' of '${clause}' cannot be read`);
    return { key, value };
  });
}

describe('the manifest and the table of contributions', () => {
  it('has the commands of buttons above views in its table', () => {
    const above = contributes.menus['view/title']?.map(({ command }) => command);
    assert.deepEqual([...TITLE_COMMANDS].sort(), [...new Set(above)].sort());
  });

  it('have the same commands', () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(commands));
  });

  it('have the same settings', () => {
    assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(membersOf('Settings')));
  });

  it('have the same views and document scheme', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(
      views.map(({ id }) => id),
      [VIEW_ID, SPEND_VIEW_ID, JOBS_VIEW_ID],
    );
    assert.ok(contributes.viewsWelcome.every(({ view }) => views.some(({ id }) => id === view)));
    for (const scheme of [DOCUMENT_SCHEME, JSON_SCHEME, COSTS_SCHEME, BUDGET_SCHEME]) {
      assert.ok(activationEvents.includes(`onFileSystem:${scheme}`), scheme);
    }
  });

  it('agree on panels that outlive a reload, on the editor of view files, and on schemas', () => {
    assert.ok(activationEvents.includes(`onWebviewPanel:${SPEND_PANEL}`));
    assert.ok(activationEvents.includes(`onWebviewPanel:${USAGE_TABLE_PANEL}`));
    assert.ok(activationEvents.includes(`onWebviewPanel:${SQL_CHART_PANEL}`));
    const [editor, table] = contributes.customEditors;
    assert.equal(table?.viewType, USAGE_TABLE_EDITOR);
    assert.equal(editor?.viewType, SPEND_EDITOR);
    const [view, budget] = contributes.jsonValidation;
    assert.equal(view?.fileMatch, editor.selector[0]?.filenamePattern);
    assert.equal(budget?.fileMatch, '*.budget.json');
    for (const { url } of contributes.jsonValidation) {
      assert.ok(existsSync(path.join(projectFolder, url)), url);
    }
  });

  it('agree on the formats of documents', () => {
    const setting = contributes.configuration.properties['azureBilling.documents.format'];
    assert.deepEqual(setting?.enum, [...FORMATS]);
    assert.ok(FORMATS.some((format) => format === setting?.default));
  });

  it('agree on the choices of exports', () => {
    const choices = (name: string) => contributes.configuration.properties[`azureBilling.export.${name}`]?.enum;
    assert.deepEqual(choices('format'), [...EXPORT_FORMATS]);
    assert.deepEqual(choices('columns'), [...EXPORT_COLUMNS]);
    assert.deepEqual(choices('lineEnding'), [...LINE_ENDINGS]);
    assert.deepEqual(choices('resumeInterrupted'), [...RESUME_CHOICES]);
  });

  it('put every command in the category, and no other name into it', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.match(command, /^azureBilling\.[a-z][A-Za-z]+$/);
      assert.equal(category, 'Azure Billing', command);
      assert.notEqual(title.trim(), '', command);
    }
  });

  it('name commands that exist in menus, keys, the welcome view and the walkthrough', () => {
    const links = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...walkthroughSteps.map(({ description }) => description),
    ].flatMap((text) => [...text.matchAll(/\(command:([^)?]+)/g)].map(([, command]) => command ?? ''));
    const completed = walkthroughSteps.flatMap(({ completionEvents }) =>
      completionEvents.filter((event) => event.startsWith('onCommand:')).map((event) => event.slice(10)),
    );
    const used = [...Object.values(contributes.menus).flat(), ...(contributes.keybindings ?? [])];
    const named = [...used.map(({ command }) => command), ...links, ...completed];
    assert.ok(links.length > 0 && used.length > 0);
    assert.deepEqual(sorted(new Set(named.filter((command) => !commands.includes(command)))), []);
  });

  it('name only known views and context keys in when clauses', () => {
    const values: Record<string, readonly string[]> = {
      view: [VIEW_ID, SPEND_VIEW_ID, JOBS_VIEW_ID],
      activeWebviewPanelId: [SPEND_PANEL, USAGE_TABLE_PANEL],
      activeCustomEditorId: [SPEND_EDITOR, USAGE_TABLE_EDITOR],
      editorLangId: [SQL_LANGUAGE],
      resourceScheme: [DOCUMENT_SCHEME, JSON_SCHEME, COSTS_SCHEME, BUDGET_SCHEME],
    };
    const known = new Set([...contextKeys, 'editorTextFocus', ...Object.keys(values), ...PATTERNED, 'true', 'false']);
    assert.ok(clauses.length > 0);
    for (const [where, clause] of clauses) {
      for (const { key, value } of comparisons(clause)) {
        const setting = key.startsWith('config.') && membersOf('Settings').includes(key.slice('config.'.length));
        assert.ok(known.has(key) || setting, `${where}: nobody sets '${key}'`);
        assert.ok(value === undefined || (values[key]?.includes(value) ?? PATTERNED.has(key)), `${where}: ${value}`);
      }
    }
  });

  it('use every context key of the table', () => {
    const used = new Set(clauses.flatMap(([, clause]) => comparisons(clause).map(({ key }) => key)));
    assert.deepEqual(
      contextKeys.filter((key) => !used.has(key)),
      [],
    );
  });

  it('keep connections out of reach of a workspace', () => {
    assert.equal(contributes.configuration.properties['azureBilling.connections']?.scope, 'machine');
  });

  it('show pictures that exist', () => {
    const pictures = [
      ...Object.values(contributes.viewsContainers).flat(),
      ...Object.values(contributes.views).flat(),
    ].map(({ icon }) => icon);
    for (const picture of [...pictures, ...walkthroughSteps.map(({ media }) => media.svg)]) {
      assert.ok(existsSync(path.join(projectFolder, picture)), picture);
    }
  });
});

describe('the source', () => {
  const files = readdirSync(path.join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(projectFolder, 'src', file), 'utf8'));

  it('registers every command once', () => {
    const registered = files.flatMap((text) => [
      ...[...text.matchAll(/\bcommands\.register\(\s*'([^']+)'/g)].map(([, command]) => command ?? ''),
      ...[...text.matchAll(/\bcommands\.registerLazily\(\s*\[([^\]]+)\]/g)].flatMap(([, list]) =>
        [...(list ?? '').matchAll(/'([^']+)'/g)].map(([, command]) => command ?? ''),
      ),
    ]);
    assert.deepEqual(sorted(registered), sorted(commands));
  });

  it('sets every context key of the table', () => {
    const text = files.join('\n');
    for (const key of contextKeys) {
      assert.match(text, new RegExp(`setContext\\('${key.replaceAll('.', '\\.')}'`), key);
    }
  });
});
