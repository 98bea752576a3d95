/** The program that does nothing: what the runtime itself costs. */
void 0;
