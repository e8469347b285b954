package io.aisle.core.storage;

import io.aisle.core.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A directory that a URI names, reached without Hadoop: on the local disk, or on S3.
 *
 * @param uri without a slash at its end
 * @param store of what lies in it
 * @param access to S3, for the directories in it
 */
public record StoredDirectory(String uri, ObjectStore store, S3Access access) {
    private static final Set<String> S3_SCHEMES = Set.of("s3a", "s3", "s3n");

    /**
     * Sends nothing yet.
     *
     * @param uri a plain path, {@code file:}, or {@code s3a:}, {@code s3:} or {@code s3n:}
     * @throws UserException if it is on another file system
     */
    public static StoredDirectory of(String uri, S3Access access) {
        String bare = uri.length() > 1 ? uri.replaceAll("/+$", "") : uri;
        URI parsed = parsed(bare);
        String scheme = parsed == null ? null : parsed.getScheme();
        if (scheme == null) {
            return new StoredDirectory(bare, new LocalObjectStore(Path.of(bare)), access);
        }
        if (scheme.equals("file") && parsed.getPath() != null) {
            return new StoredDirectory(bare, new LocalObjectStore(Path.of(parsed.getPath())), access);
        }
        if (S3_SCHEMES.contains(scheme) && parsed.getHost() != null) {
            return new StoredDirectory(bare, new S3ObjectStore(access, parsed.getHost(), parsed.getPath()), access);
        }
        throw new UserException("Cannot use " + uri + ": found the scheme " + scheme
                + ", expected a local path or s3a://bucket/path. Copy it to one of these.");
    }

    /** Nothing where it is no URI but a path. */
    private static URI parsed(String uri) {
        try {
            return URI.create(uri);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The last part of its path. */
    public String name() {
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    /** A directory in it. */
    public StoredDirectory child(String name) {
        return of(uri + "/" + name, access);
    }

    /**
     * Copies all files below it.
     *
     * @param prefix of their paths below it; empty: all
     * @param target directory; is made where it is absent
     * @return their paths below it
     */
    public List<String> copyTo(String prefix, Path target) {
        try {
            List<String> keys = store.list(prefix);
            for (String key : keys) {
                Path file = target.resolve(key).normalize();
                if (!file.startsWith(target.normalize())) {
                    throw new UserException("Cannot copy " + uri + ": found the object " + key
                            + ", expected none that leads out of it. Remove it.");
                }
                Files.createDirectories(file.getParent());
                store.copy(key, file);
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
