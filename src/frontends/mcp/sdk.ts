/** The protocol's own library: its server, its HTTP transport, and the schemas of its messages. */
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;
export type Server = InstanceType<Sdk["Server"]>;
export type Transport = Parameters<Server["connect"]>[0];
export type HttpTransport = InstanceType<Sdk["WebStandardStreamableHTTPServerTransport"]>;
export type JsonRpcMessage = ReturnType<Sdk["types"]["JSONRPCMessageSchema"]["parse"]>;

export const loadSdk = async () => import("#libraries/model-context");
