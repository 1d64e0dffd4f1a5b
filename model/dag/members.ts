/** Tasks in groups: `members[start[g] .. start[g + 1]]` are group g's, in order of their ids. */
export interface DagMembers {
  start: Int32Array;
  members: Int32Array;
}
