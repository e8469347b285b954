package io.aisle.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3IdentityTest {
    private static S3Identity of(S3Access.Credentials credentials) {
        return S3Identity.of(new S3Access(
                Optional.empty(), Optional.of("eu-central-1"), false, credentials, new S3Access.BucketEncryption()));
    }

    @Test
    void keysOfTheSettingsAreNamedByTheirEnd() {
        S3Identity lasting = of(new S3Access.Keys("AKIA00000000ABCD", "hunter2", Optional.empty()));
        S3Identity ending = of(new S3Access.Keys("ASIA00000000ABCD", "hunter2", Optional.of("token")));

        assertThat(lasting).isEqualTo(new S3Identity("settings", "ABCD", false, false, Optional.empty()));
        assertThat(ending).isEqualTo(new S3Identity("settings", "ABCD", true, false, Optional.empty()));
    }

    @Test
    void nobodyIsNoProvider() {
        assertThat(of(new S3Access.Anonymous()).provider()).isEmpty();
    }

    @Test
    void theChainSaysWhichProviderGaveTheKeys() {
        System.setProperty("aws.accessKeyId", "AKIA00000000WXYZ");
        System.setProperty("aws.secretAccessKey", "hunter2");
        try {
            assertThat(of(new S3Access.DefaultChain()))
                    .isEqualTo(new S3Identity(
                            "SystemPropertyCredentialsProvider", "WXYZ", false, false, Optional.empty()));
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }
}
