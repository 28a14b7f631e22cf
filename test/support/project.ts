import path from 'node:path';

/** The project's own folder, which is also the folder of the extension. */
export const projectFolder = path.resolve(import.meta.dirname, '../..');

/** Where the build puts the module that runs the suites inside the extension host. */
export const hostRunnerModule = path.join(projectFolder, 'dist', 'test', 'hostRunner.js');
