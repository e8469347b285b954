package io.aisle.core.storage;

import java.io.IOException;
import java.util.Optional;

/** Small objects under keys, with the two conditional writes that publishing needs. */
public interface ObjectStore {

    /** An object's content, with the tag that names exactly this version of it. */
    record Version(byte[] content, String tag) {}

    /** The object, or nothing where there is none. */
    Optional<Version> read(String key) throws IOException;

    /** Writes the object unless there is one; says whether it did. */
    boolean putIfAbsent(String key, byte[] content) throws IOException;

    /** Replaces the object if it still is the version of that tag; says whether it did. Readers see the old or the new one whole. */
    boolean compareAndSet(String key, String expectedTag, byte[] content) throws IOException;

    /** Removes the object, if there is one. */
    void delete(String key) throws IOException;
}
