package io.aisle.batch.doctor;

import io.aisle.batch.storage.S3Endpoint;
import io.aisle.core.UserException;
import io.aisle.core.storage.S3Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.security.UserGroupInformation;

/** Who asks the storage, and until when. */
final class CredentialsCheck implements Check {
    private static final String NAME = "credentials";
    private static final Duration SOON = Duration.ofHours(1);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "whose credentials are found for each service of S3, and when they end; else Hadoop's user";
    }

    @Override
    public List<Finding> look(Examination examination) {
        Map<String, Finding> findings = new LinkedHashMap<>();
        for (String uri : examination.settings().uris()) {
            Optional<S3Endpoint> endpoint = S3Endpoint.of(examination.hadoop(), uri);
            endpoint.ifPresent(service ->
                    findings.computeIfAbsent(NAME + ": " + service.address(), name -> identity(name, service)));
            if (endpoint.isEmpty()) {
                findings.computeIfAbsent(NAME, name -> Finding.ok(name, hadoopUser()));
            }
        }
        return findings.isEmpty() ? List.of(Finding.skip(NAME, "no place given")) : List.copyOf(findings.values());
    }

    private static Finding identity(String name, S3Endpoint service) {
        try {
            return judge(name, service.identity(), Instant.now());
        } catch (UserException e) {
            return Finding.fail(name, e, "Set credentials as docs/s3.md says.");
        }
    }

    static Finding judge(String name, S3Identity identity, Instant now) {
        if (identity.provider().isEmpty()) {
            return Finding.ok(name, "requests are not signed (anonymous)");
        }
        String provider = identity.provider().equals(S3Identity.SETTINGS)
                ? "fs.s3a.access.key, where Spark also puts that of the environment"
                : identity.provider();
        String found = "key …" + identity.key() + " from " + provider
                + identity.expires().map(end -> ", until " + end).orElse("");
        Optional<Instant> expires = identity.expires();
        if (expires.isPresent() && expires.get().isBefore(now)) {
            return Finding.fail(
                    name,
                    found + ", expected keys that have not ended",
                    "Fetch new ones (such as aws sso login), and run again.");
        }
        if (identity.isTemporary() && !identity.isRenewed()) {
            return Finding.warn(
                    name,
                    found + ", temporary keys that nobody renews during the run",
                    "Make sure that they outlast the job, or use a role: of the instance, the container, or a web identity.");
        }
        return expires.isPresent() && expires.get().isBefore(now.plus(SOON)) && !identity.isRenewed()
                ? Finding.warn(name, found + ", less than an hour", "Fetch new ones before a long job.")
                : Finding.ok(name, found);
    }

    private static String hadoopUser() {
        try {
            UserGroupInformation user = UserGroupInformation.getCurrentUser();
            return "user " + user.getShortUserName() + " (" + user.getAuthenticationMethod() + ")";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
