package io.aisle.batch.doctor;

import java.io.Serializable;

/**
 * A place that executors are asked about.
 *
 * @param isRead whether they are to read there; else it is enough that they reach it
 */
record AskedPlace(String uri, boolean isRead) implements Serializable {
    private static final long serialVersionUID = 1L;
}
