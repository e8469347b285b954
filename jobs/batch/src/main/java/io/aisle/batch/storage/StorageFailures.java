package io.aisle.batch.storage;

import io.aisle.core.UserException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** What a file system threw, in words. S3A's own exceptions are told by their names: a cluster may come without its jar. */
final class StorageFailures {
    private static final List<Class<? extends Exception>> NETWORK = List.of(
            SocketException.class,
            NoRouteToHostException.class,
            SocketTimeoutException.class,
            UnknownHostException.class,
            SSLException.class);

    private StorageFailures() {}

    /** An error that reads "Cannot [verb] [path]: [what was found]. [remedy]". */
    static UserException explain(String verb, Path path, Exception e) {
        return new UserException("Cannot " + verb + " " + path + ": " + explanation(path, e), e);
    }

    private static String explanation(Path path, Exception e) {
        if (has(e, cause -> isNamed(cause, "NoAuthWithAWSException") || isNamed(cause, "NoAwsCredentialsException"))) {
            return "found no usable credentials, expected keys, a profile, a web identity or an instance role. Set them as"
                    + " docs/s3.md says.";
        }
        if (has(e, cause -> isNamed(cause, "UnknownStoreException"))) {
            return "found no bucket " + path.toUri().getHost()
                    + ", expected it to exist. Create it, or correct its name, fs.s3a.endpoint or the account.";
        }
        if (has(e, cause -> cause instanceof AccessDeniedException || cause instanceof AccessControlException)) {
            return "found access denied (" + e.getMessage()
                    + "), expected leave to read, write, list and delete there. Check the credentials, the bucket's policy and"
                    + " that of its KMS key.";
        }
        if (has(e, cause -> isNamed(cause, "AWSRedirectException"))) {
            return "found the bucket in another region (" + e.getMessage()
                    + "), expected that of the request. Set fs.s3a.endpoint.region to the region of the bucket.";
        }
        if (has(
                e,
                cause -> NETWORK.stream().anyMatch(type -> type.isInstance(cause))
                        || isNamed(cause, "ConnectTimeoutException"))) {
            return "found no answer (" + e.getMessage()
                    + "), expected one from the storage service. Check its address (S3: fs.s3a.endpoint) and the network.";
        }
        return String.valueOf(e.getMessage());
    }

    private static boolean has(Throwable e, Predicate<Throwable> condition) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause).anyMatch(condition);
    }

    private static boolean isNamed(Throwable e, String name) {
        return e.getClass().getSimpleName().equals(name);
    }
}
