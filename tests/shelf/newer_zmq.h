/* Functions that libzmq gained after 4.3.4, the oldest release whose header is audited. */
#ifndef NEWER_ZMQ_H
#define NEWER_ZMQ_H

#include <signal.h>
#include <stdint.h>
#include <zmq.h>

/* Declared by the sources' own header only, not by that of a release. */
int zmq_disconnect_peer(void *s_, uint32_t routing_id);
#if ZMQ_VERSION < ZMQ_MAKE_VERSION(4, 3, 5)
int zmq_ppoll(zmq_pollitem_t *items_, int nitems_, long timeout_, const sigset_t *sigmask_);
#endif

#endif
