/** Why a node has no operator of TensorFlow Lite; thrown by a lowering, caught where the node is known. */
export interface RefusedNode {
  readonly why: string;
  readonly found?: string;
  readonly expected?: string;
  readonly fix?: string;
}

export class Refusal extends Error {
  readonly about: RefusedNode;
  constructor(about: RefusedNode) {
    super(about.why);
    this.about = about;
  }
}

export function refuse(about: RefusedNode): never {
  throw new Refusal(about);
}
