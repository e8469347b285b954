package io.aisle.batch.storage;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aisle.core.RefusedException;
import io.aisle.core.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;

/**
 * The object {@code RUNNING} beside {@code CURRENT}: who writes a run at present. A second run is refused at its start rather than after
 * hours of work, and two tries of one run never write to one directory.
 *
 * <p>The holder shows that it lives by writing the object again every few seconds. A holder that was killed on this host is seen at
 * once; one on another host is taken for dead when its object stays as it is for {@link #PATIENCE}. A holder that was taken for dead and
 * is not finds out before it publishes, and publishes nothing. The object only saves work: what makes a run published is the conditional
 * write of {@link Pointer}.
 */
final class OutputClaim implements AutoCloseable {
    static final String KEY = "RUNNING";
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(35);

    /** A process's start is reckoned from the boot time, which clocks correct a little. */
    private static final long SAME_START_MILLIS = 5_000;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ObjectStore store;
    private final Timer heart = new Timer("aisle-claim", true);
    private Holder holder;
    private boolean isHeld = true;

    /**
     * Who holds an output.
     *
     * @param claim distinguishes holders
     * @param host its name, for people
     * @param kernel what {@link #thisKernel} said where the process runs
     * @param started when the process did, in milliseconds since 1970, which tells it from a later one of the same number
     * @param beat counts the signs of life
     */
    record Holder(String run_id, String claim, String host, String kernel, long pid, long started, long beat) {
        /** Nothing where it is not what a holder wrote: somebody else's file tells nothing of who holds the output. */
        private static Optional<Holder> of(ObjectStore.Version version) {
            try {
                return Optional.ofNullable(MAPPER.readValue(version.content(), Holder.class))
                        .filter(holder -> holder.run_id != null && holder.claim != null && holder.host != null);
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private boolean holds(ObjectStore.Version version) {
            return of(version).map(found -> found.claim.equals(claim)).orElse(false);
        }

        private Holder next() {
            return new Holder(run_id, claim, host, kernel, pid, started, beat + 1);
        }

        private String inWords() {
            return run_id + " (process " + pid + " on " + host + ")";
        }

        private boolean isOnThisHost() {
            return kernel != null && !kernel.isEmpty() && kernel.equals(thisKernel());
        }

        /** Whether the process of that number is there and began when the holder did. */
        private boolean isAlive() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .map(process -> Math.abs(startedMillis(process) - started) < SAME_START_MILLIS)
                    .orElse(false);
        }
    }

    private OutputClaim(ObjectStore store, Holder holder, Duration pause) {
        this.store = store;
        this.holder = holder;
        TimerTask beat = new TimerTask() {
            @Override
            public void run() {
                beat();
            }
        };
        heart.schedule(beat, pause.toMillis(), pause.toMillis());
    }

    /**
     * Claims an output for a run.
     *
     * @param where names the output in messages
     * @throws RefusedException if a run that lives holds it
     */
    static OutputClaim take(ObjectStore store, String where, String runId) {
        return take(store, where, runId, PATIENCE, BEAT);
    }

    /**
     * Claims an output.
     *
     * @param patience after which a silent holder on another host is taken for dead
     * @param pause between two signs of life
     */
    static OutputClaim take(ObjectStore store, String where, String runId, Duration patience, Duration pause) {
        ProcessHandle self = ProcessHandle.current();
        Holder holder = new Holder(
                runId, UUID.randomUUID().toString(), hostName(), thisKernel(), self.pid(), startedMillis(self), 0);
        try {
            Optional<ObjectStore.Version> found = store.read(KEY);
            if (found.isPresent()) {
                Optional<Holder> other = Holder.of(found.get());
                boolean isDead = other.filter(Holder::isOnThisHost).isPresent()
                        ? !other.get().isAlive()
                        : isSilent(store, found.get(), patience);
                if (!isDead) {
                    throw refused(where, runId, other.map(Holder::inWords).orElse("that cannot be told"));
                }
            }
            byte[] content = MAPPER.writeValueAsBytes(holder);
            boolean isTaken = found.isPresent()
                    ? store.compareAndSet(KEY, found.get().tag(), content)
                    : store.putIfAbsent(KEY, content);
            Optional<ObjectStore.Version> written = store.read(KEY);
            if (!isTaken || written.isEmpty() || !holder.holds(written.get())) {
                throw refused(where, runId, "that started at the same time");
            }
            return new OutputClaim(store, holder, pause);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RefusedException refused(String where, String runId, String other) {
        return new RefusedException("Cannot start run " + runId + " in " + where + ": found run " + other
                + " at work there, expected none. Wait until it has ended; if it hangs, end it.");
    }

    /** Whether nobody touches the object for that long. */
    private static boolean isSilent(ObjectStore store, ObjectStore.Version found, Duration patience)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                Thread.sleep(Math.min(1_000, patience.toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            if (!store.read(KEY).map(ObjectStore.Version::tag).equals(Optional.of(found.tag()))) {
                return false;
            }
        }
        return true;
    }

    private synchronized void beat() {
        try {
            renew();
        } catch (IOException | RuntimeException e) {
            // what leaves a timer's task ends the timer; the store may answer at the next beat, and requireHeld tells
            // in the end
        }
    }

    private void renew() throws IOException {
        if (!isHeld) {
            return;
        }
        Optional<ObjectStore.Version> found = store.read(KEY).filter(holder::holds);
        if (found.isPresent()) {
            holder = holder.next();
            if (!store.compareAndSet(KEY, found.get().tag(), MAPPER.writeValueAsBytes(holder))) {
                // somebody took over in between, or the store answered so to a write of ours
                found = store.read(KEY).filter(holder::holds);
            }
        }
        isHeld = found.isPresent();
    }

    /**
     * Makes sure, before something is published, that this run still holds the output.
     *
     * @throws RefusedException if another run took it for dead
     */
    synchronized void requireHeld() {
        try {
            renew();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!isHeld) {
            throw new RefusedException("Cannot publish run " + holder.run_id()
                    + ": found that another run took over the output, expected to hold it still. This process was silent for more than "
                    + PATIENCE.toSeconds() + " s. Nothing was changed; run again.");
        }
    }

    /** Gives the output free. */
    @Override
    public synchronized void close() {
        heart.cancel();
        try {
            Optional<ObjectStore.Version> found = store.read(KEY);
            if (found.isPresent() && holder.holds(found.get())) {
                store.delete(KEY);
            }
        } catch (IOException | RuntimeException e) {
            // the next run sees that this process is gone
        }
    }

    private static long startedMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /**
     * Names the running kernel and the processes that this one can see, so that a container is not taken for its neighbour of the same
     * name; empty where the system does not say, and then a holder counts as one of another host.
     */
    static String thisKernel() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "";
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
