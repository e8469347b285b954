package io.aisle.core.storage;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;

/**
 * How to reach an S3 service.
 *
 * @param endpoint the service's address; empty: that of AWS in the region
 * @param region empty: what the environment says, else found by asking AWS
 * @param isPathStyle whether the bucket stands in the path of a request rather than in the host name
 */
public record S3Access(
        Optional<URI> endpoint,
        Optional<String> region,
        boolean isPathStyle,
        Credentials credentials,
        Encryption encryption) {

    public S3Access {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(region, "region");
        requireNonNull(credentials, "credentials");
        requireNonNull(encryption, "encryption");
    }

    /** AWS itself, as whom the environment says, with the bucket's own encryption. */
    public static S3Access standard() {
        return new S3Access(Optional.empty(), Optional.empty(), false, new DefaultChain(), new BucketEncryption());
    }

    /** Who asks. */
    public sealed interface Credentials permits DefaultChain, Keys, Anonymous {}

    /**
     * The AWS SDK's default chain: system properties, environment, web identity (IRSA), profile files, container, instance role.
     */
    public record DefaultChain() implements Credentials {}

    /**
     * Keys that are given.
     *
     * @param sessionToken of temporary keys
     */
    public record Keys(String accessKey, String secretKey, Optional<String> sessionToken) implements Credentials {
        public Keys {
            requireNonNull(accessKey, "accessKey");
            requireNonNull(secretKey, "secretKey");
            requireNonNull(sessionToken, "sessionToken");
        }

        /** Without the keys. */
        @Override
        public String toString() {
            return "Keys[hidden]";
        }
    }

    /** Requests are not signed. */
    public record Anonymous() implements Credentials {}

    /** How the service encrypts what it keeps. */
    public sealed interface Encryption permits BucketEncryption, ServiceKey, KmsKey {}

    /** As the bucket is set up. */
    public record BucketEncryption() implements Encryption {}

    /** SSE-S3: by a key of the service's. */
    public record ServiceKey() implements Encryption {}

    /**
     * SSE-KMS: by a key of the key management service.
     *
     * @param id empty: the account's key for S3
     */
    public record KmsKey(Optional<String> id) implements Encryption {
        public KmsKey {
            requireNonNull(id, "id");
        }
    }
}
