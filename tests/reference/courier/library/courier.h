/*
 * A small networking library, as the bindings beside it find it: a daemon that listens on a port of this machine,
 * streams between a daemon and who dials it, a stream's two halves, blobs. It locks nothing: who frees a handle while
 * another thread is inside one of its calls has broken it, and that is for the bindings to prevent.
 *
 * A result below zero is a negated errno: -ETIMEDOUT when a stream's time is up. Of bytes, 0 is the end of the stream.
 */
#ifndef COURIER_H
#define COURIER_H

#include <stddef.h>
#include <stdint.h>

typedef struct courier_daemon courier_daemon;
typedef struct courier_stream courier_stream;
typedef struct courier_half courier_half;
typedef struct courier_blob courier_blob;

/* Listens on a free port. */
int courier_daemon_start(courier_daemon **daemon);
int courier_daemon_port(courier_daemon *daemon);

/* Waits for who dials. */
int courier_daemon_accept(courier_daemon *daemon, courier_stream **stream);

/* Waits for a control message; 0 after a wake. */
int64_t courier_daemon_next_control(courier_daemon *daemon, char *message, size_t size);

/* Sends one to the daemon of this port. */
int courier_send_control(int port, const char *message);

/* Calls that wait in a handle return, now and from now on. */
int courier_daemon_wake(courier_daemon *daemon);
int courier_stream_wake(courier_stream *stream);
int courier_half_wake(courier_half *half);
int courier_blob_wake(courier_blob *blob);

int courier_stream_dial(int port, courier_stream **stream);
int courier_stream_set_timeout(courier_stream *stream, int milliseconds);
int64_t courier_stream_recv(courier_stream *stream, char *bytes, size_t size);
int64_t courier_stream_send(courier_stream *stream, const char *bytes, size_t size);

/* Makes a reading and a writing half of a stream, which is gone then. 1 if there was room for the reading half only;
 * below 0 if there was none at all, and the stream is as it was. */
int courier_stream_split(courier_stream *stream, courier_half **reader, courier_half **writer);
int64_t courier_half_recv(courier_half *reader, char *bytes, size_t size);
int64_t courier_half_send(courier_half *writer, const char *bytes, size_t size);

/* A blob is what the daemon sends over a connection of its own. */
int courier_blob_open(int port, courier_blob **blob);
int64_t courier_blob_read(courier_blob *blob, char *bytes, size_t size);

void courier_daemon_free(courier_daemon *daemon);
void courier_stream_free(courier_stream *stream);
void courier_half_free(courier_half *half);
void courier_blob_free(courier_blob *blob);

/* ---- The hands of a test ---- */

/* Waits until so many threads are inside calls of this handle, of whichever kind. */
void courier_gate_await_inside(const void *handle, int count);

/* The next split finds room for the reading half only. */
void courier_gate_fail_split(void);

/* How often a handle was freed under a call, or used after it was freed. */
int courier_gate_violations(void);

/* How many handles were freed, and which thread freed the last one. */
int courier_gate_frees(void);
int courier_gate_last_freer(void);

#endif
