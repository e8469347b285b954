package io.aisle.core.storage;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients for small objects: a few attempts, and an end to every one of them. */
final class S3Clients {
    private static final int ATTEMPTS = 5;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ATTEMPT = Duration.ofSeconds(20);
    private static final Duration CALL = Duration.ofSeconds(60);

    private S3Clients() {}

    static S3Client of(S3Access access) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(new WholeAnswers(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ATTEMPT)
                        .build()))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(CALL)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build())
                        .build())
                .credentialsProvider(credentials(access.credentials()))
                .forcePathStyle(access.isPathStyle())
                // the signature over the whole body instead of chunks, which some services do not know
                .serviceConfiguration(configuration -> configuration.chunkedEncodingEnabled(false));
        access.endpoint().ifPresent(builder::endpointOverride);
        withRegion(builder, access);
        return builder.build();
    }

    static AwsCredentialsProvider credentials(S3Access.Credentials credentials) {
        if (credentials instanceof S3Access.Keys keys) {
            return StaticCredentialsProvider.create(
                    keys.sessionToken().isPresent()
                            ? AwsSessionCredentials.create(
                                    keys.accessKey(),
                                    keys.secretKey(),
                                    keys.sessionToken().get())
                            : AwsBasicCredentials.create(keys.accessKey(), keys.secretKey()));
        }
        return credentials instanceof S3Access.Anonymous
                ? AnonymousCredentialsProvider.create()
                : DefaultCredentialsProvider.create();
    }

    /** The region given; else, as a service of one's own has none, any; else the environment's; else AWS says which it is. */
    private static void withRegion(S3ClientBuilder builder, S3Access access) {
        if (access.region().isPresent()) {
            builder.region(Region.of(access.region().get()));
        } else if (access.endpoint().isPresent()) {
            builder.region(Region.US_EAST_1);
        } else {
            try {
                builder.region(DefaultAwsRegionProviderChain.builder().build().getRegion());
            } catch (SdkClientException none) {
                builder.region(Region.US_EAST_1).crossRegionAccessEnabled(true);
            }
        }
    }
}
