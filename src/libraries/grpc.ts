/*
 * Each file of this folder is a library that is large and seldom used, as far as it is used. A release holds it as one
 * packed file, which is unpacked and compiled when it is first asked for.
 */
export { Client, credentials, logVerbosity, Metadata, setLogVerbosity } from "@grpc/grpc-js";
