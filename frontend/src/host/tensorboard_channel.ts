/** Receives the messages that TensorBoard sends to a plugin's frame. */

// The frame hands the host one end of a channel; each message is JSON, and the host waits for a
// reply to each of its own.

interface Message {
  type: string;
  id: number;
  payload: unknown;
  error: string | null;
  isReply: boolean;
}

/** Calls back whenever TensorBoard has reloaded its data. */
export function onDataReloaded(host: Window, callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as Message;
    if (message.isReply) return;
    if (message.type === "experimental.DataReloaded") callback();
    const reply: Message = { ...message, payload: null, error: null, isReply: true };
    port1.postMessage(JSON.stringify(reply));
  };
  host.postMessage("experimental.bootstrap", location.origin, [port2]);
}
