package io.aisle.core.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Small objects under keys, with the two conditional writes that publishing needs.
 *
 * <p>Writers of one key write contents that differ (a run id, a random number). Over a network the answer to a write that went through
 * may be lost, and the repeated write be refused; an object that then holds exactly the caller's bytes counts as written by the call.
 */
public interface ObjectStore {

    /** An object's content, with the tag that names exactly this version of it. */
    record Version(byte[] content, String tag) {}

    /** The object, or nothing where there is none. */
    Optional<Version> read(String key) throws IOException;

    /**
     * Copies an object of any size to a local file, which is replaced.
     *
     * @return whether there is such an object
     */
    default boolean copy(String key, Path file) throws IOException {
        Optional<Version> found = read(key);
        if (found.isPresent()) {
            Files.write(file, found.get().content());
        }
        return found.isPresent();
    }

    /** Writes the object unless there is one; says whether it did. */
    boolean putIfAbsent(String key, byte[] content) throws IOException;

    /** Replaces the object if it still is the version of that tag; says whether it did. Readers see the old or the new one whole. */
    boolean compareAndSet(String key, String expectedTag, byte[] content) throws IOException;

    /** Removes the object, whatever its version; nothing happens where there is none. */
    void delete(String key) throws IOException;

    /** The keys that begin with the prefix, sorted. */
    List<String> list(String prefix) throws IOException;
}
