package io.aisle.batch.doctor;

import io.aisle.batch.doctor.ExecutorSurvey.Answer;
import io.aisle.batch.storage.S3Endpoint;
import io.aisle.core.UserException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the clocks of driver, executors and S3 agree. A machine that keeps its time by NTP is off by far less than a second, so 30 s
 * tell that it does not. Kerberos refuses what is 5 minutes off (krb5.conf, clockskew), S3 signatures of more than 15 minutes.
 */
final class ClockCheck implements Check {
    private static final String NAME = "clock";
    private static final Duration WARN = Duration.ofSeconds(30);
    private static final Duration FAIL = Duration.ofMinutes(5);
    /** The header Date has no fractions. */
    private static final long SECOND = 1_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "clocks of the executors and of S3 against the driver's";
    }

    @Override
    public List<Finding> look(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        Map<String, Duration> executors = new LinkedHashMap<>();
        for (Answer answer : examination.answers()) {
            if (!answer.facts().isSameProcess(examination.driver())) {
                executors.put(
                        answer.facts().name() + " on " + answer.facts().host(), Duration.ofMillis(answer.skewMillis()));
            }
        }
        executors.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(worst -> findings.add(judge(NAME + ": executors", worst.getKey(), worst.getValue())));
        Map<String, S3Endpoint> services = new LinkedHashMap<>();
        for (String uri : examination.settings().uris()) {
            S3Endpoint.of(examination.hadoop(), uri)
                    .ifPresent(service -> services.putIfAbsent(service.address(), service));
        }
        services.forEach((address, service) -> findings.add(ofService(NAME + ": " + address, service)));
        return findings.isEmpty()
                ? List.of(Finding.skip(NAME, "one machine, no S3: there is no other clock"))
                : findings;
    }

    static Finding ofService(String name, S3Endpoint service) {
        try {
            long start = System.currentTimeMillis();
            Optional<Instant> clock = service.ask();
            long end = System.currentTimeMillis();
            return clock.map(time -> judge(name, "S3", skew(start, end, time.toEpochMilli())))
                    .orElseGet(() -> Finding.skip(name, "the service sends no date"));
        } catch (UserException e) {
            return Finding.skip(name, "no answer, which the check storage tells");
        }
    }

    /** How far a clock that was read between start and end is from the driver's, at least. */
    static Duration skew(long startMillis, long endMillis, long clockMillis) {
        return Duration.ofMillis(Math.max(0, Math.max(startMillis - SECOND - clockMillis, clockMillis - endMillis)));
    }

    static Finding judge(String name, String whose, Duration skew) {
        String found = "the clock of " + whose + " is " + skew.toSeconds() + " s from the driver's";
        String remedy = "Let every machine keep its time by NTP (chrony, systemd-timesyncd), and run again.";
        if (skew.compareTo(FAIL) > 0) {
            return Finding.fail(
                    name,
                    found + ", expected less than " + FAIL.toSeconds()
                            + " s: S3 refuses signatures that are 15 minutes off, Kerberos" + " tickets 5",
                    remedy);
        }
        return skew.compareTo(WARN) > 0
                ? Finding.warn(name, found + ", expected less than " + WARN.toSeconds() + " s", remedy)
                : Finding.ok(name, found);
    }
}
