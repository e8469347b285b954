package io.aisle.batch.storage;

import io.aisle.core.UserException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** What a file system threw, in words. S3A's own exceptions are told by their names: a cluster may come without its jar. */
public final class StorageFailures {
    private static final List<Class<? extends Exception>> NETWORK = List.of(
            SocketException.class, SocketTimeoutException.class, UnknownHostException.class, SSLException.class);

    private StorageFailures() {}

    /** An error that reads "Cannot [verb] [path]: [what was found]. [remedy]". */
    public static UserException explain(String verb, Path path, Exception e) {
        return new UserException(
                "Cannot " + verb + " " + path + ": " + known(e).orElseGet(() -> String.valueOf(e.getMessage())), e);
    }

    /** What was found, what was expected and what to do, where S3A threw something that its user can mend. */
    public static Optional<String> ofS3a(Throwable e) {
        return has(
                        e,
                        cause -> cause.getClass().getName().startsWith("org.apache.hadoop.fs.s3a.")
                                || cause.getClass().getName().startsWith("com.amazonaws."))
                ? known(e)
                : Optional.empty();
    }

    /** The whole message, where a file of a local disk could not be read or written; a full disk is told elsewhere. */
    public static Optional<String> ofLocalFile(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .filter(FileSystemException.class::isInstance)
                .map(FileSystemException.class::cast)
                .findFirst()
                .map(failed -> "Cannot read or write " + failed.getFile() + ": found " + reason(failed)
                        + ", expected a place that the user " + System.getProperty("user.name")
                        + " may read and write. Correct the path, or its permissions.");
    }

    private static String reason(FileSystemException e) {
        if (e.getReason() != null) {
            return e.getReason();
        }
        return e instanceof NoSuchFileException
                ? "no such file"
                : e instanceof FileAlreadyExistsException ? "a file in its place" : "access denied";
    }

    private static Optional<String> known(Throwable e) {
        if (has(e, cause -> isNamed(cause, "NoAuthWithAWSException") || isNamed(cause, "NoAwsCredentialsException"))) {
            return Optional.of(
                    "found no usable credentials, expected keys, a profile, a web identity or an instance role."
                            + " Set them as docs/s3.md says.");
        }
        if (has(e, cause -> isNamed(cause, "UnknownStoreException"))) {
            return Optional.of("found no such bucket (" + e.getMessage()
                    + "), expected it to exist. Create it, or correct its name, fs.s3a.endpoint or the account.");
        }
        if (has(e, cause -> cause instanceof AccessDeniedException || cause instanceof AccessControlException)) {
            return Optional.of("found access denied (" + e.getMessage()
                    + "), expected leave to read, write, list and delete there. Check the credentials, the bucket's policy and"
                    + " that of its KMS key.");
        }
        if (has(e, cause -> isNamed(cause, "AWSRedirectException"))) {
            return Optional.of("found the bucket in another region (" + e.getMessage()
                    + "), expected that of the request. Set fs.s3a.endpoint.region to the region of the bucket.");
        }
        if (has(e, StorageFailures::isOfNetwork)) {
            return Optional.of(
                    "found no answer (" + e.getMessage()
                            + "), expected one from the storage service. Check its address (S3: fs.s3a.endpoint) and the network.");
        }
        return Optional.empty();
    }

    private static boolean isOfNetwork(Throwable e) {
        return NETWORK.stream().anyMatch(type -> type.isInstance(e))
                || isNamed(e, "ConnectTimeoutException")
                || isNamed(e, "ConnectionClosedException");
    }

    private static boolean has(Throwable e, Predicate<Throwable> condition) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause).anyMatch(condition);
    }

    private static boolean isNamed(Throwable e, String name) {
        return e.getClass().getSimpleName().equals(name);
    }
}
