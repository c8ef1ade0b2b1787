import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/lab/command.ts';
import { imageRecipe, recipeHash } from '../../../src/lab/image-recipe.ts';
import { resetScript } from '../../../src/lab/reset.ts';

describe('the image recipe', () => {
  it('names its cache folder by everything it is made from', () => {
    const recipe = imageRecipe('minimal', {});
    expect(recipeHash(recipe)).toBe(recipeHash(imageRecipe('minimal', {})));
    expect(recipeHash(recipe)).not.toBe(recipeHash(imageRecipe('systemd', {})));
    expect(recipeHash({ ...recipe, packages: [...recipe.packages, 'x'] })).not.toBe(recipeHash(recipe));
    expect(recipeHash(imageRecipe('minimal', { TUNORCH_LAB_MIRROR: 'http://mirror.example/debian' }))).not.toBe(recipeHash(recipe));
  });

  it.each(['minimal', 'systemd'] as const)('leaves no placeholder in the script of %s, which sh can parse', async (kind) => {
    const { customize } = imageRecipe(kind, {});
    expect(customize).not.toMatch(/KERNEL_PACKAGE|MODULES_KEPT|MODULES_DROPPED/);
    expect(await runCommand(['sh', '-n'], { stdin: customize })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('resetScript', () => {
  it('is text that sh can parse', async () => {
    expect(await runCommand(['sh', '-n'], { stdin: resetScript })).toMatchObject({ status: 0, stderr: '' });
  });
});
