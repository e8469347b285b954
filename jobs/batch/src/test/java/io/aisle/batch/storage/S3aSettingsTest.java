package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.storage.S3Access;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3aSettingsTest {
    @TempDir
    Path temporary;

    private final Configuration hadoop = new Configuration(false);

    @Test
    void withoutSettingsItIsAwsByTheDefaultChain() {
        assertThat(access()).isEqualTo(S3Access.standard());
    }

    @Test
    void readsAddressRegionAndStyle() {
        set("endpoint", " http://127.0.0.1:9000 ", "endpoint.region", "us-west-2", "path.style.access", "true");

        assertThat(access().endpoint()).contains(URI.create("http://127.0.0.1:9000"));
        assertThat(access().region()).contains("us-west-2");
        assertThat(access().isPathStyle()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "s3.eu-central-1.amazonaws.com, true, https://s3.eu-central-1.amazonaws.com, eu-central-1",
        "s3.dualstack.us-gov-west-1.amazonaws.com, true, https://s3.dualstack.us-gov-west-1.amazonaws.com, us-gov-west-1",
        "s3.cn-north-1.amazonaws.com.cn, true, https://s3.cn-north-1.amazonaws.com.cn, cn-north-1",
        "minio:9000, false, http://minio:9000,",
        "s3.amazonaws.com, true, ,"
    })
    void endpointMayLackItsSchemeAndMayNameItsRegion(String endpoint, String isEncrypted, URI address, String region) {
        set("endpoint", endpoint, "connection.ssl.enabled", isEncrypted);

        assertThat(access().endpoint()).isEqualTo(Optional.ofNullable(address));
        assertThat(access().region()).isEqualTo(Optional.ofNullable(region));
    }

    @Test
    void settingsOfBucketGoFirst() {
        set("endpoint", "https://everywhere", "access.key", "a", "secret.key", "b");
        set("bucket.shop.endpoint", "https://here", "bucket.shop.access.key", "c", "bucket.other.secret.key", "d");

        assertThat(access().endpoint()).contains(URI.create("https://here"));
        assertThat(access().credentials()).isEqualTo(new S3Access.Keys("c", "b", Optional.empty()));
    }

    @Test
    void keysAreUsedWhereTheProvidersReadThem() {
        set("access.key", "a", "secret.key", "b", "session.token", "t");
        S3Access.Keys keys = new S3Access.Keys("a", "b", Optional.of("t"));

        assertThat(access().credentials()).isEqualTo(keys);
        set("aws.credentials.provider", "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider, com.example.Mine");
        assertThat(access().credentials()).isEqualTo(keys);
        set("aws.credentials.provider", "com.amazonaws.auth.WebIdentityTokenCredentialsProvider");
        assertThat(access().credentials()).isEqualTo(new S3Access.DefaultChain());
        set("aws.credentials.provider", "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
        assertThat(access().credentials()).isEqualTo(new S3Access.Anonymous());
    }

    @Test
    void keysMayStandInACredentialFile() throws IOException {
        Path file = temporary.resolve("keys.jceks");
        hadoop.set("hadoop.security.credential.provider.path", "localjceks://file" + file);
        CredentialProvider provider =
                CredentialProviderFactory.getProviders(hadoop).get(0);
        provider.createCredentialEntry("fs.s3a.access.key", "from file".toCharArray());
        provider.createCredentialEntry("fs.s3a.secret.key", "also".toCharArray());
        provider.flush();

        assertThat(access().credentials()).isEqualTo(new S3Access.Keys("from file", "also", Optional.empty()));
    }

    @Test
    void readsEncryptionByItsNewAndItsOldNames() {
        set("server-side-encryption-algorithm", "AES256");
        assertThat(access().encryption()).isEqualTo(new S3Access.ServiceKey());

        set("encryption.algorithm", "SSE-KMS");
        assertThat(access().encryption()).isEqualTo(new S3Access.KmsKey(Optional.empty()));

        set("server-side-encryption.key", "old");
        assertThat(access().encryption()).isEqualTo(new S3Access.KmsKey(Optional.of("old")));

        set("encryption.key", "new");
        assertThat(access().encryption()).isEqualTo(new S3Access.KmsKey(Optional.of("new")));
    }

    @Test
    void refusesEncryptionWithKeysOfTheClient() {
        set("encryption.algorithm", "SSE-C");

        assertThatThrownBy(this::access)
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use fs.s3a.encryption.algorithm: found SSE-C, expected AES256 or SSE-KMS, or none for"
                                + " the bucket's own encryption.");
    }

    @Test
    void refusesEndpointThatIsNoAddress() {
        set("endpoint", "http://a b");

        assertThatThrownBy(this::access)
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use fs.s3a.endpoint: found http://a b, expected an address such as https://host:port.");
    }

    private S3Access access() {
        return S3aSettings.of(hadoop, "shop").access();
    }

    private void set(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            hadoop.set("fs.s3a." + namesAndValues[i], namesAndValues[i + 1]);
        }
    }
}
