/** Element-wise ops of one operand in forms that networks rarely have. */
export const tableGraphs: Readonly<Record<string, string>> = {
  "leaky rectifier with a negative slope": `graph g
in x: float32[1, 256]
y = LeakyRelu(x) alpha=-0.7
out y
`,
  "exponential unit": `graph g
in x: float32[1, 3, 4, 5]
y = Elu(x) alpha=1.5
out y
`,
};
