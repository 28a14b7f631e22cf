import assert from 'node:assert/strict';
import { contrast, distance, groupFills, textOn, visibleOn } from '../../src/workbench/webview/palette.ts';
import { THEMES } from '../support/browserPage.ts';

const HUES = ['blue', 'orange', 'green', 'purple', 'yellow', 'red'] as const;

describe('the palette of groups', () => {
  for (const [name, theme] of Object.entries(THEMES)) {
    const background = theme['editor-background'];
    const hues = HUES.map((hue) => theme[`charts-${hue}`]);
    const fills = groupFills({ hues, background, highContrast: name.startsWith('highContrast') });

    it(`stands out from the background of the theme ${name}, three to one and more`, () => {
      for (const { colour } of fills) {
        assert.ok(contrast(colour, background) >= 3, `${colour} on ${background}`);
        assert.ok(contrast(textOn(colour), colour) >= 4.5, `letters on ${colour}`);
      }
      for (const colour of [theme.foreground, theme.descriptionForeground, visibleOn(hues[5] ?? '', background)]) {
        assert.ok(contrast(colour, background) >= 3, colour);
      }
    });

    it(`has no fill twice in the theme ${name}, for as many groups as can be shown, and no neighbours that look alike`, () => {
      const seen = fills.map(({ colour, pattern }) => `${colour} ${pattern}`);
      assert.ok(fills.length > 50);
      assert.equal(new Set(seen).size, fills.length);
      fills.slice(1).forEach(({ colour, pattern }, at) => {
        const before = fills[at];
        assert.ok(before !== undefined && distance(colour, before.colour) > 55, `${before?.colour} and ${colour}`);
        assert.ok(!name.startsWith('highContrast') || pattern !== before.pattern, 'patterns tell neighbours too');
      });
    });
  }

  it('tells groups apart in a theme whose hues are all the same', () => {
    const fills = groupFills({ hues: Array(6).fill('#808080'), background: '#ffffff', highContrast: false });
    assert.ok(new Set(fills.slice(0, 6).map(({ colour }) => colour)).size >= 3);
    assert.ok(fills.every(({ colour }) => contrast(colour, '#ffffff') >= 3));
  });
});
