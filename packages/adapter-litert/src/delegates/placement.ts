import type { ProgramOperator, TfliteProgram } from "@edgewise/formats/tflite";
import { judge } from "./judge.ts";
import { macsOf } from "./operands.ts";
import type { DelegateRules, Source } from "./rules.ts";

/** Where one operator is predicted to run, and why. */
export interface PlacedOperator {
  readonly index: number;
  readonly op: string;
  /** Layer of the user's file that it comes from. */
  readonly node: string;
  /** True on the unit, false on the CPU. */
  readonly delegated: boolean;
  readonly rule: string;
  readonly source: Source;
  readonly macs: number;
}

/** Predicted from documented rules; only a run on the device can say what happens there. */
export interface Placement {
  readonly unit: string;
  readonly operators: readonly PlacedOperator[];
  readonly macs: number;
  /** Share of the multiply-accumulates on the unit; of the operators, where nothing multiplies. */
  readonly share: number;
  /** Subgraphs on the unit. Each border between units costs copies and waits. */
  readonly partitions: number;
}

/**
 * Predicts where each operator of a program runs under a unit's rules.
 *
 *   accepted operators form partitions as LiteRT's partitioner forms them; the `mostPartitions` with the most operators
 *   are delegated
 *
 * Errors: none; an unknown operator stays on the CPU, with that as its rule.
 * Source: FP16GraphPartitionHelper and GetNodesOfFirstNLargestPartitions in LiteRT, tflite/delegates/utils.h.
 */
export function placementOf(program: TfliteProgram, rules: DelegateRules): Placement {
  const verdicts = program.operators.map((operator) => judge(program, operator, rules));
  const partitions = partitionsOf(program, verdicts.map(({ accepted }) => accepted));
  const kept = new Set([...partitions].sort((a, b) => b.length - a.length).slice(0, rules.mostPartitions).flat());
  const operators = program.operators.map((operator, index): PlacedOperator => {
    const verdict = verdicts[index];
    const accepted = verdict?.accepted === true;
    const delegated = accepted && kept.has(index);
    return {
      index, op: operator.op, node: operator.origin.node, delegated, macs: macsOf(program, operator), source: verdict?.source ?? rules.source,
      rule: accepted && !delegated ? `${rules.unit} takes the ${rules.mostPartitions} largest of ${partitions.length} subgraphs; this one stays on the CPU` : verdict?.rule ?? "",
    };
  });
  const macs = operators.reduce((sum, each) => sum + each.macs, 0);
  const weight = macs > 0 ? ({ macs: own }: PlacedOperator) => own : () => 1;
  const total = operators.reduce((sum, each) => sum + weight(each), 0);
  const on = operators.reduce((sum, each) => sum + (each.delegated ? weight(each) : 0), 0);
  return { unit: rules.unit, operators, macs, share: total === 0 ? 0 : on / total, partitions: Math.min(partitions.length, rules.mostPartitions) };
}

/**
 * Subgraphs of accepted operators: starting from what the inputs give, all operators of one kind that can run are taken
 * until none is left, then all of the other kind, by turns.
 */
function partitionsOf(program: TfliteProgram, accepted: readonly boolean[]): readonly (readonly number[])[] {
  const computed = new Set(program.operators.flatMap(({ outputs }) => outputs));
  const waiting = new Set(program.operators.keys());
  const partitions: number[][] = [];
  const ready = ({ inputs }: ProgramOperator): boolean => inputs.every((index) => !computed.has(index));
  while (waiting.size > 0) {
    const start = [...waiting].find((index) => { const operator = program.operators[index]; return operator !== undefined && ready(operator); });
    if (start === undefined) return partitions;
    const members = takeKind({ program, waiting, computed, kind: accepted[start] === true, accepted });
    if (accepted[start] === true) partitions.push(members);
  }
  return partitions;
}

interface Taking {
  readonly program: TfliteProgram;
  /** Operators without a partition; shrinks. */
  readonly waiting: Set<number>;
  /** Tensors that wait for their operator; shrinks. */
  readonly computed: Set<number>;
  readonly kind: boolean;
  readonly accepted: readonly boolean[];
}

function takeKind({ program, waiting, computed, kind, accepted }: Taking): number[] {
  const members: number[] = [];
  for (let grew = true; grew;) {
    grew = false;
    for (const index of waiting) {
      const operator = program.operators[index];
      if (operator === undefined || (accepted[index] === true) !== kind || operator.inputs.some((input) => computed.has(input))) continue;
      for (const output of operator.outputs) computed.delete(output);
      waiting.delete(index);
      members.push(index);
      grew = true;
    }
  }
  return members;
}
