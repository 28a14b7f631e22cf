import { provisionEditor } from './provision.ts';

/** `node test/support/editor/install.ts`: puts the editor into the user's cache when it is not there yet. */
const { version } = await provisionEditor(console.log);
console.log(`The editor is installed: VS Code ${version}.`);
