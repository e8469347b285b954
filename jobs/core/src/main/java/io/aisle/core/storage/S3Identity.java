package io.aisle.core.storage;

import io.aisle.core.UserException;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Who the requests to an S3 service are signed as; holds no secret.
 *
 * @param provider what gave the keys: {@link #SETTINGS}, or a provider by the SDK's name; empty for requests that are not signed
 * @param key the last four characters of the access key's id
 * @param isTemporary whether the keys come with a session token, and so end some day
 * @param isRenewed whether the provider fetches new keys before these end
 * @param expires when the keys end; empty where that is not told
 */
public record S3Identity(
        String provider, String key, boolean isTemporary, boolean isRenewed, Optional<Instant> expires) {
    /** The provider of keys that the settings give. */
    public static final String SETTINGS = "settings";

    private static final int SHOWN = 4;

    /**
     * Finds the keys as a client does. Asks no S3 service, but the chain may ask the container or the machine for them.
     *
     * @throws UserException if there are none
     */
    public static S3Identity of(S3Access access) {
        if (access.credentials() instanceof S3Access.Anonymous) {
            return new S3Identity("", "", false, false, Optional.empty());
        }
        try {
            AwsCredentialsProvider provider = S3Clients.credentials(access.credentials());
            AwsCredentialsIdentity found = provider.resolveCredentials();
            String name = access.credentials() instanceof S3Access.Keys
                    ? SETTINGS
                    : found.providerName().orElse(provider.getClass().getSimpleName());
            String id = found.accessKeyId();
            return new S3Identity(
                    name,
                    id.substring(Math.max(0, id.length() - SHOWN)),
                    found instanceof AwsSessionCredentials,
                    isRenewed(name),
                    found.expirationTime());
        } catch (SdkException e) {
            throw S3Failures.explain("Cannot find credentials", "", e);
        }
    }

    /** Keys of settings, environment, system properties and profile files stay what they are; the others come from a service. */
    private static boolean isRenewed(String provider) {
        return !provider.equals(SETTINGS)
                && !provider.startsWith("Environment")
                && !provider.startsWith("SystemProp")
                && !provider.startsWith("Static")
                && !provider.startsWith("Profile");
    }
}
