/*
 * Each file of this folder is a library that is large and seldom used, as far as it is used. A release holds it as one
 * plain file, which is compiled when it is first asked for: compiled beforehand it would take ten times the room.
 */
export { Client, credentials, logVerbosity, Metadata, setLogVerbosity } from "@grpc/grpc-js";
