package io.aisle.batch.storage;

import io.aisle.core.UserException;
import io.aisle.core.storage.S3Access;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** What the user told Hadoop of S3 ({@code fs.s3a.*}), a bucket's own settings ({@code fs.s3a.bucket.NAME.*}) first. */
final class S3aSettings {
    private static final String PREFIX = "fs.s3a.";
    private static final String CENTRAL_ENDPOINT = "s3.amazonaws.com";
    private static final Pattern REGION =
            Pattern.compile("s3[.-](?:dualstack\\.)?([a-z]{2}(?:-[a-z]+)+-\\d)\\.amazonaws\\..*");

    private final Configuration configuration;
    private final String bucket;

    private S3aSettings(Configuration configuration, String bucket) {
        this.configuration = configuration;
        this.bucket = bucket;
    }

    static S3aSettings of(Configuration configuration, String bucket) {
        return new S3aSettings(configuration, bucket);
    }

    S3Access access() {
        Optional<String> endpoint = text("endpoint").filter(given -> !given.equals(CENTRAL_ENDPOINT));
        Optional<String> region = text("endpoint.region")
                .or(() -> endpoint.map(REGION::matcher).filter(Matcher::matches).map(matched -> matched.group(1)));
        return new S3Access(
                endpoint.map(this::address),
                region,
                text("path.style.access").map(Boolean::valueOf).orElse(false),
                credentials(),
                encryption());
    }

    private URI address(String endpoint) {
        boolean isEncrypted =
                text("connection.ssl.enabled").map(Boolean::valueOf).orElse(true);
        try {
            return URI.create(endpoint.contains("://") ? endpoint : (isEncrypted ? "https://" : "http://") + endpoint);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "Cannot use " + PREFIX + "endpoint: found " + endpoint
                            + ", expected an address such as https://host:port.",
                    e);
        }
    }

    /**
     * Keys where they are given and a provider that reads them is named, or none is; no signature where the anonymous provider stands
     * alone; else the SDK's default chain, which covers environment, web identity, profile, container and instance.
     */
    private S3Access.Credentials credentials() {
        String providers = text("aws.credentials.provider").orElse("");
        Optional<String> accessKey = secret("access.key");
        Optional<String> secretKey = secret("secret.key");
        boolean isKeysRead =
                providers.isEmpty() || providers.contains("SimpleAWS") || providers.contains("TemporaryAWS");
        if (isKeysRead && accessKey.isPresent() && secretKey.isPresent()) {
            return new S3Access.Keys(accessKey.get(), secretKey.get(), secret("session.token"));
        }
        return providers.contains("Anonymous") && !providers.contains(",")
                ? new S3Access.Anonymous()
                : new S3Access.DefaultChain();
    }

    private S3Access.Encryption encryption() {
        String algorithm = text("encryption.algorithm")
                .or(() -> text("server-side-encryption-algorithm"))
                .orElse("")
                .toUpperCase(Locale.ROOT);
        return switch (algorithm) {
            case "" -> new S3Access.BucketEncryption();
            case "AES256", "SSE-S3" -> new S3Access.ServiceKey();
            case "SSE-KMS" ->
                new S3Access.KmsKey(secret("encryption.key").or(() -> secret("server-side-encryption.key")));
            default ->
                throw new UserException("Cannot use " + PREFIX + "encryption.algorithm: found " + algorithm
                        + ", expected AES256 or SSE-KMS, or none for the bucket's own encryption.");
        };
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(configuration.getTrimmed(PREFIX + "bucket." + bucket + "." + name))
                .or(() -> Optional.ofNullable(configuration.getTrimmed(PREFIX + name)))
                .filter(value -> !value.isEmpty());
    }

    private Optional<String> secret(String name) {
        return password(PREFIX + "bucket." + bucket + "." + name).or(() -> password(PREFIX + name));
    }

    /** From the credential providers that {@code hadoop.security.credential.provider.path} names, else the settings. */
    private Optional<String> password(String key) {
        try {
            return Optional.ofNullable(configuration.getPassword(key))
                    .map(characters -> new String(characters).strip())
                    .filter(value -> !value.isEmpty());
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read " + key + " from hadoop.security.credential.provider.path: " + e.getMessage(), e);
        }
    }
}
