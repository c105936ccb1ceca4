/** A skill and how well it is mastered, as a row of a form. */
export interface SkillRow {
  skill: string;
  level: number;
}

export function rowsOfSkills(skills: Readonly<Record<string, number>>): SkillRow[] {
  return Object.entries(skills).map(([skill, level]) => ({ skill, level }));
}

export function skillsOfRows(rows: readonly SkillRow[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ skill, level }) => [skill.trim(), level]));
}
