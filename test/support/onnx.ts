/** Shape and values of a tensor of float32. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const FLOAT = 1;
const UINT8 = 2;
const TENSOR_ATTRIBUTE = 4;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A protobuf field: a number, or whatever has a length. */
function field(number: number, content: number | string | Buffer): Buffer {
  if (typeof content === "number") return Buffer.concat([varint(number << 3), varint(content)]);
  const bytes = Buffer.from(content);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

function valueInfo(name: string, type: number, shape: readonly number[]): Buffer {
  const dims = message(...shape.map((side) => field(1, field(1, side))));
  return message(field(1, name), field(2, field(1, message(field(1, type), field(2, dims)))));
}

function constantNode(name: string, { shape, values }: Values): Buffer {
  const dims = shape.map((side) => field(1, side));
  const data = Buffer.from(Float32Array.from(values).buffer);
  const tensor = message(...dims, field(2, FLOAT), field(9, data));
  const attribute = message(field(1, "value"), field(5, tensor), field(20, TENSOR_ATTRIBUTE));
  return message(field(2, name), field(4, "Constant"), field(5, attribute));
}

/**
 * An ONNX graph (fields by the numbers of onnx.proto, opset 17) that takes uint8 inputs of these shapes and says the
 * same whatever it is given.
 */
export function constantGraph(
  inputs: Readonly<Record<string, readonly number[]>>,
  outputs: Readonly<Record<string, Values>>,
): Buffer {
  const graph = message(
    ...Object.entries(outputs).map(([name, output]) => field(1, constantNode(name, output))),
    field(2, "constant"),
    ...Object.entries(inputs).map(([name, shape]) => field(11, valueInfo(name, UINT8, shape))),
    ...Object.entries(outputs).map(([name, { shape }]) => field(12, valueInfo(name, FLOAT, shape))),
  );
  const opset = message(field(1, ""), field(2, 17));
  return message(field(1, 8), field(7, graph), field(8, opset));
}
