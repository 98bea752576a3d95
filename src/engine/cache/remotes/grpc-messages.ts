import { decodeMessage, encodeMessage } from "#base/protobuf";
import type { RemoteBlob } from "#engine/cache/remote-cache";

/*
 * The messages of the Remote Execution API v2 (build/bazel/remote/execution/v2/remote_execution.proto) and of
 * google/bytestream/bytestream.proto that a cache sends and gets, with the numbers of their fields.
 */

/** Digest: hash = 1, size_bytes = 2. */
const digestMessage = ({ digest, size }: RemoteBlob): Uint8Array =>
  encodeMessage([
    [1, digest],
    [2, size],
  ]);

/** GetActionResultRequest: instance_name = 1, action_digest = 2. */
export const getActionResultRequest = (instance: string, action: RemoteBlob): Uint8Array =>
  encodeMessage([
    [1, instance],
    [2, digestMessage(action)],
  ]);

/** UpdateActionResultRequest: instance_name = 1, action_digest = 2, action_result = 3. */
export const updateActionResultRequest = (
  instance: string,
  action: RemoteBlob,
  result: Uint8Array,
): Uint8Array =>
  encodeMessage([
    [1, instance],
    [2, digestMessage(action)],
    [3, [result]],
  ]);

/** FindMissingBlobsRequest: instance_name = 1, blob_digests = 2. */
export const findMissingBlobsRequest = (instance: string, blobs: readonly RemoteBlob[]): Uint8Array =>
  encodeMessage([
    [1, instance],
    [2, blobs.map(digestMessage)],
  ]);

/** FindMissingBlobsResponse: missing_blob_digests = 2. */
export function missingBlobs(response: Uint8Array): readonly string[] | undefined {
  const digests = messagesIn(response, 2)?.map((digest) => textIn(digest, 1));
  return digests?.every((digest) => digest !== undefined) === true ? digests : undefined;
}

/** BatchReadBlobsRequest: instance_name = 1, digests = 2. */
export const batchReadRequest = (instance: string, blob: RemoteBlob): Uint8Array =>
  encodeMessage([
    [1, instance],
    [2, [digestMessage(blob)]],
  ]);

/** BatchUpdateBlobsRequest: instance_name = 1, requests = 2 { digest = 1, data = 2 }. */
export const batchUpdateRequest = (instance: string, blob: RemoteBlob, data: Uint8Array): Uint8Array =>
  encodeMessage([
    [1, instance],
    [
      2,
      [
        encodeMessage([
          [1, digestMessage(blob)],
          [2, data],
        ]),
      ],
    ],
  ]);

export interface BatchAnswer {
  /** A number of google.rpc.Code. */
  readonly code: number;
  readonly data: Uint8Array;
}

/**
 * The one answer of a batch of one. BatchReadBlobsResponse: responses = 1 { digest = 1, data = 2, status = 3 };
 * BatchUpdateBlobsResponse: responses = 1 { digest = 1, status = 2 }. Status: code = 1.
 */
export function batchAnswer(response: Uint8Array, kind: "read" | "update"): BatchAnswer | undefined {
  const [one] = messagesIn(response, 1) ?? [];
  const fields = one === undefined ? undefined : decodeMessage(one);
  if (fields === undefined) return undefined;
  let code = 0;
  let data: Uint8Array = new Uint8Array();
  for (const { field, value } of fields) {
    if (typeof value === "number") continue;
    if (kind === "read" && field === 2) data = value;
    if (field === (kind === "read" ? 3 : 2)) code = numberIn(value, 1) ?? 0;
  }
  return { code, data };
}

/** google.bytestream.ReadRequest: resource_name = 1. */
export const readRequest = (resource: string): Uint8Array => encodeMessage([[1, resource]]);

/** google.bytestream.ReadResponse: data = 10. */
export const readData = (response: Uint8Array): Uint8Array =>
  messagesIn(response, 10)?.[0] ?? new Uint8Array();

/** google.bytestream.WriteRequest: resource_name = 1, write_offset = 2, finish_write = 3, data = 10. */
export const writeRequest = (
  resource: string,
  offset: number,
  piece: { readonly data: Uint8Array; readonly isLast: boolean },
): Uint8Array =>
  encodeMessage([
    [1, resource],
    [2, offset],
    [3, piece.isLast ? 1 : 0],
    [10, piece.data],
  ]);

/** google.bytestream.WriteResponse: committed_size = 1. */
export const committedSize = (response: Uint8Array): number => numberIn(response, 1) ?? 0;

function messagesIn(bytes: Uint8Array, field: number): readonly Uint8Array[] | undefined {
  return decodeMessage(bytes)?.flatMap((one) =>
    one.field === field && typeof one.value !== "number" ? [one.value] : [],
  );
}

function textIn(bytes: Uint8Array, field: number): string | undefined {
  const found = messagesIn(bytes, field)?.[0];
  return found === undefined ? undefined : new TextDecoder().decode(found);
}

function numberIn(bytes: Uint8Array, field: number): number | undefined {
  const found = decodeMessage(bytes)?.find((one) => one.field === field)?.value;
  return typeof found === "number" ? found : undefined;
}
