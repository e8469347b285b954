package io.aisle.serving.model;

import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.Softmax;
import io.aisle.core.product.Product;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Scores products of requests that are there at the same time together: the classifier sorts them by length and so pads next to nothing,
 * and one call costs less than many. A few threads score, each one batch after the other; what waits for them is bounded.
 *
 * <p>A batch waits for more only where other requests are under way that have not come to the queue yet, so that a lone request is not
 * held up.
 *
 * @see <a href="https://www.usenix.org/conference/nsdi17/technical-sessions/presentation/crankshaw">Crankshaw et al., Clipper, NSDI 2017,
 *     section 4.3 (adaptive batching)</a>
 */
final class MicroBatcher implements AutoCloseable {
    /** A request of fewer products is not cut: what the network takes at a time. */
    private static final int SMALLEST_PART = DistilBertClassifier.BATCH_SIZE;

    private final Limits limits;
    private final IntConsumer batches;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private int queued;
    /** Threads that score. */
    private int busy;

    private boolean isClosed;
    /** Requests that have begun and are not answered. */
    private final AtomicInteger underWay = new AtomicInteger();
    /** Chunks that some thread has taken. */
    private final AtomicInteger taken = new AtomicInteger();

    /**
     * How much of what.
     *
     * @param batch products that are scored together
     * @param waitNanos how long to wait for more of them
     * @param queue products that wait
     * @param timeoutNanos how long they may wait
     */
    record Limits(int threads, int batch, long waitNanos, int queue, long timeoutNanos) {}

    /** Products of one request that are scored by one call. */
    private record Chunk(
            ServedModel model, List<Product> products, CompletableFuture<List<float[]>> answer, long deadline) {}

    /** Thrown where there is no room. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param batches told how many products each batch has
     */
    MicroBatcher(Limits limits, IntConsumer batches) {
        this.limits = limits;
        this.batches = batches;
        for (int i = 0; i < limits.threads(); i++) {
            Thread thread = new Thread(this::work, "aisle-score-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** A request has begun that may come to the queue. */
    void begin() {
        underWay.incrementAndGet();
    }

    /** A request that has begun is answered. */
    void end() {
        underWay.decrementAndGet();
    }

    /** Products that wait. */
    int waiting() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Scores products, some time soon.
     *
     * @param model held by the caller until the answer is there
     * @return the probabilities, float[labels] a product, in their order; TimeoutException where they waited too long
     * @throws FullException if there is no room for all of them
     */
    CompletableFuture<List<float[]>> submit(ServedModel model, List<Product> products) {
        long deadline = System.nanoTime() + limits.timeoutNanos();
        List<Chunk> chunks = new ArrayList<>();
        int size =
                Math.min(limits.batch(), Math.max(SMALLEST_PART, -Math.floorDiv(-products.size(), limits.threads())));
        for (int start = 0; start < products.size(); start += size) {
            chunks.add(new Chunk(
                    model,
                    products.subList(start, Math.min(start + size, products.size())),
                    new CompletableFuture<>(),
                    deadline));
        }
        lock.lock();
        try {
            if (isClosed || queued + products.size() > limits.queue()) {
                throw new FullException();
            }
            queue.addAll(chunks);
            queued += products.size();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        CompletableFuture<?>[] answers = chunks.stream().map(Chunk::answer).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers).thenApply(all -> {
            List<float[]> probabilities = new ArrayList<>(products.size());
            chunks.forEach(chunk -> probabilities.addAll(chunk.answer().join()));
            return probabilities;
        });
    }

    private void work() {
        while (true) {
            List<Chunk> batch;
            try {
                batch = take();
            } catch (InterruptedException stopped) {
                return;
            }
            if (batch.isEmpty()) {
                return;
            }
            try {
                score(batch);
            } finally {
                taken.addAndGet(-batch.size());
                rest();
            }
        }
    }

    private void rest() {
        lock.lock();
        try {
            busy--;
        } finally {
            lock.unlock();
        }
    }

    /** What is scored next; empty when there is no more to come. */
    private List<Chunk> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty()) {
                if (isClosed) {
                    return List.of();
                }
                arrived.await();
            }
            List<Chunk> batch = new ArrayList<>();
            int share = share();
            Chunk first = pop(batch);
            int products = first.products().size();
            long left = limits.waitNanos();
            while (products < share) {
                Chunk next = queue.peek();
                if (next == null) {
                    boolean isWorthWaiting = left > 0 && underWay.get() > taken.get();
                    if (!isWorthWaiting) {
                        break;
                    }
                    left = arrived.awaitNanos(left);
                } else if (next.model() == first.model()
                        && products + next.products().size() <= share) {
                    products += pop(batch).products().size();
                } else {
                    break;
                }
            }
            busy++;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** How much of what waits one thread takes: others that are idle are to have as much. */
    private int share() {
        int idle = limits.threads() - busy;
        int waiting = Math.max(queued, underWay.get() - taken.get());
        return Math.min(limits.batch(), (waiting + idle - 1) / idle);
    }

    private Chunk pop(List<Chunk> batch) {
        Chunk chunk = queue.remove();
        queued -= chunk.products().size();
        taken.incrementAndGet();
        batch.add(chunk);
        return chunk;
    }

    private void score(List<Chunk> batch) {
        long now = System.nanoTime();
        List<Chunk> live = new ArrayList<>(batch);
        live.removeIf(chunk -> {
            boolean isLate = now - chunk.deadline() > 0;
            if (isLate) {
                chunk.answer().completeExceptionally(new TimeoutException());
            }
            return isLate;
        });
        if (live.isEmpty()) {
            return;
        }
        List<Product> products = new ArrayList<>();
        live.forEach(chunk -> products.addAll(chunk.products()));
        batches.accept(products.size());
        try {
            List<float[]> logits = live.get(0).model().classifier().logits(products);
            int next = 0;
            for (Chunk chunk : live) {
                int end = next + chunk.products().size();
                chunk.answer()
                        .complete(logits.subList(next, end).stream()
                                .map(Softmax::of)
                                .toList());
                next = end;
            }
        } catch (Throwable e) {
            // also an OutOfMemoryError: whoever waits is to know, and the thread goes on
            live.forEach(chunk -> chunk.answer().completeExceptionally(e));
        }
    }

    /** Scores what waits, and takes nothing more. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.NANOSECONDS.toMillis(limits.timeoutNanos()) + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
