package io.aisle.core.storage;

import static java.util.Objects.requireNonNull;

import io.aisle.core.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Objects of one bucket below one prefix. A tag is the ETag; the conditional writes are S3's {@code If-None-Match: *} and
 * {@code If-Match}. Whatever the service answers to a request that fails becomes a {@link UserException} that names bucket and key.
 */
public final class S3ObjectStore implements ObjectStore {
    private static final long COPIED_PART = 16L << 20;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client client;
    private final S3Access.Encryption encryption;
    private final String bucket;
    private final String prefix;
    private final boolean isSingleWriter;

    /** Objects of the bucket whose keys begin with the prefix, a directory's: {@code ""} or {@code a/b}. Sends nothing yet. */
    public S3ObjectStore(S3Access access, String bucket, String prefix) {
        this(S3Clients.of(access), access.encryption(), bucket, directory(prefix), false);
    }

    private S3ObjectStore(
            S3Client client, S3Access.Encryption encryption, String bucket, String prefix, boolean isSingleWriter) {
        this.client = client;
        this.encryption = encryption;
        this.bucket = bucket;
        this.prefix = prefix;
        this.isSingleWriter = isSingleWriter;
    }

    private static String directory(String prefix) {
        String bare = prefix.replaceAll("^/+|/+$", "");
        return bare.isEmpty() ? "" : bare + "/";
    }

    /**
     * The same objects for a service without conditional writes: each looks before it writes, which is sound only where nobody else
     * writes.
     */
    public S3ObjectStore withSingleWriter() {
        return new S3ObjectStore(client, encryption, bucket, prefix, true);
    }

    /** Refuses a service that ignores the conditions of a write. Writes one new key a few times, and removes it. */
    public void requireConditionalWrites() {
        String key = ".probe-" + UUID.randomUUID();
        try {
            boolean isObeyed = putIfAbsent(key, bytes("first"));
            try {
                isObeyed &= !putIfAbsent(key, bytes("second"));
                isObeyed &= !compareAndSet(key, "\"00000000000000000000000000000000\"", bytes("third"));
            } finally {
                delete(key);
            }
            if (!isObeyed) {
                throw unconditional("it wrote an object that it should have refused", null);
            }
        } catch (UserException e) {
            if (e.getCause() instanceof S3Exception refused && refused.statusCode() == NOT_IMPLEMENTED) {
                throw unconditional("status " + NOT_IMPLEMENTED, e);
            }
            throw e;
        }
    }

    private UserException unconditional(String found, Exception cause) {
        return new UserException(
                "Cannot publish to " + uri("") + ": found a service without conditional writes (" + found
                        + "), expected If-None-Match and If-Match to be obeyed, so that of two runs at once one publishes."
                        + " Publish to another store, or give --single-writer and see to it that no two runs overlap.",
                cause);
    }

    @Override
    public Optional<Version> read(String key) {
        return call("read", key, () -> {
            try {
                ResponseBytes<GetObjectResponse> object =
                        client.getObjectAsBytes(get -> get.bucket(bucket).key(prefix + key));
                return Optional.of(
                        new Version(object.asByteArray(), object.response().eTag()));
            } catch (NoSuchKeyException absent) {
                return Optional.empty();
            }
        });
    }

    /** In parts, each a short request of its own, all of one version of the object. */
    @Override
    public boolean copy(String key, Path file) throws IOException {
        Optional<HeadObjectResponse> head = call("read", key, () -> {
            try {
                return Optional.of(client.headObject(of -> of.bucket(bucket).key(prefix + key)));
            } catch (NoSuchKeyException absent) {
                return Optional.empty();
            }
        });
        if (head.isEmpty()) {
            return false;
        }
        try (OutputStream copy = Files.newOutputStream(file)) {
            for (long start = 0; start < head.get().contentLength(); start += COPIED_PART) {
                copy.write(part(key, head.get().eTag(), start));
            }
        }
        return true;
    }

    private byte[] part(String key, String tag, long start) {
        String range = "bytes=" + start + "-" + (start + COPIED_PART - 1);
        return call(
                "read",
                key,
                () -> client.getObjectAsBytes(get -> get.bucket(bucket)
                                .key(prefix + key)
                                .ifMatch(tag)
                                .range(range))
                        .asByteArray());
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
        return isSingleWriter
                ? putIf(key, null, content)
                : put(key, request(key).ifNoneMatch("*"), content);
    }

    @Override
    public boolean compareAndSet(String key, String expectedTag, byte[] content) {
        requireNonNull(expectedTag, "expectedTag");
        return isSingleWriter
                ? putIf(key, expectedTag, content)
                : put(key, request(key).ifMatch(expectedTag), content);
    }

    private boolean putIf(String key, String expectedTag, byte[] content) {
        String found = read(key).map(Version::tag).orElse(null);
        return Objects.equals(found, expectedTag) && put(key, request(key), content);
    }

    private boolean put(String key, PutObjectRequest.Builder request, byte[] content) {
        return call("write", key, () -> {
            try {
                client.putObject(request.build(), RequestBody.fromBytes(content));
                return true;
            } catch (S3Exception e) {
                if (!isConditionRefused(e)) {
                    throw e;
                }
                // an attempt whose answer was lost may have gone through, and the next have met what it wrote
                return read(key)
                        .filter(found -> Arrays.equals(found.content(), content))
                        .isPresent();
            }
        });
    }

    private static boolean isConditionRefused(S3Exception e) {
        return e.statusCode() == PRECONDITION_FAILED
                || e.statusCode() == CONFLICT
                || (e.statusCode() == NOT_FOUND && !S3Failures.isBucketMissing(e));
    }

    private PutObjectRequest.Builder request(String key) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(bucket).key(prefix + key);
        if (encryption instanceof S3Access.ServiceKey) {
            request.serverSideEncryption(ServerSideEncryption.AES256);
        } else if (encryption instanceof S3Access.KmsKey kms) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS);
            kms.id().ifPresent(request::ssekmsKeyId);
        }
        return request;
    }

    @Override
    public void delete(String key) {
        call(
                "delete",
                key,
                () -> client.deleteObject(delete -> delete.bucket(bucket).key(prefix + key)));
    }

    @Override
    public List<String> list(String prefix) {
        String whole = this.prefix + prefix;
        return call(
                "list",
                prefix,
                () -> client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(whole)).contents().stream()
                        .map(S3Object::key)
                        .map(key -> key.substring(this.prefix.length()))
                        .sorted()
                        .toList());
    }

    private <T> T call(String verb, String key, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failures.explain("Cannot " + verb + " " + uri(key), bucket, e);
        }
    }

    private String uri(String key) {
        return "s3://" + bucket + "/" + prefix + key;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
